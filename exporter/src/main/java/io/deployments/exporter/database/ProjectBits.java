package io.deployments.exporter.database;

import io.deployments.exporter.snapshot.Deployments;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.TemplateProjects;
import io.deployments.exporter.snapshot.WindowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code projects.sql} counts projects of, each with a bit of its own: every pair of network
 * and template that has deployments, every network, and all together.
 */
final class ProjectBits {

  /** How many projects have a bit, in each window. */
  record Count(int bit, WindowCounts projects) {}

  /** A template on a network, a network, or, without both, everything. */
  private record Group(@Nullable String network, @Nullable String template) {}

  /** By bit. */
  private final List<Group> groups;

  private ProjectBits(List<Group> groups) {
    this.groups = groups;
  }

  /**
   * The bits for what has deployments; empty if there is more than a number has bits, or if groups
   * were folded, as what is in {@code other} can't be told then.
   */
  static Optional<ProjectBits> of(Deployments deployments) {
    if (deployments.folded("network") + deployments.folded("template") > 0) {
      return Optional.empty();
    }
    List<Group> groups =
        Stream.concat(
                deployments.counts().stream()
                    .flatMap(
                        row ->
                            Stream.of(
                                new Group(row.network(), row.template()),
                                new Group(row.network(), null))),
                Stream.of(new Group(null, null)))
            .distinct()
            .toList();
    return groups.size() <= Long.SIZE ? Optional.of(new ProjectBits(groups)) : Optional.empty();
  }

  /** The parameters of {@code projects.sql} beside those of every aggregate. */
  Map<String, Object> parameters() {
    List<String> networks = new ArrayList<>();
    List<String> templates = new ArrayList<>();
    List<Long> bits = new ArrayList<>();
    for (Group group : groups) {
      if (group.network() != null && group.template() != null) {
        long sets = bit(group) | bit(new Group(group.network(), null)) | bit(new Group(null, null));
        for (String network : columnValues(group.network())) {
          for (String template : columnValues(group.template())) {
            networks.add(network);
            templates.add(template);
            bits.add(sets);
          }
        }
      }
    }
    return Map.of(
        "networks", networks.toArray(String[]::new),
        "templates", templates.toArray(String[]::new),
        "bits", bits.toArray(Long[]::new),
        "last", groups.size() - 1);
  }

  private long bit(Group group) {
    return 1L << groups.indexOf(group);
  }

  /** What a column holds where the label has this value, with an empty string for NULL. */
  private static List<String> columnValues(String label) {
    return label.equals(LabelValues.UNKNOWN) ? List.of("", label) : List.of(label);
  }

  /**
   * What the bits were counted of.
   *
   * @param windows how many there are
   */
  ProjectCounts counts(List<Count> counts, int windows) {
    List<NetworkProjects> onNetworks = new ArrayList<>();
    List<TemplateProjects> ofTemplates = new ArrayList<>();
    WindowCounts onAnyNetwork = WindowCounts.zero(windows);
    for (Count count : counts) {
      Group group = groups.get(count.bit());
      if (group.network() == null) {
        onAnyNetwork = count.projects();
      } else if (group.template() == null) {
        onNetworks.add(new NetworkProjects(group.network(), count.projects()));
      } else {
        ofTemplates.add(new TemplateProjects(group.network(), group.template(), count.projects()));
      }
    }
    return new ProjectCounts(onNetworks, onAnyNetwork, ofTemplates);
  }
}
