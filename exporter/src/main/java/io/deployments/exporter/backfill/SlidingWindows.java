package io.deployments.exporter.backfill;

import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.Deployments;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.TemplateProjects;
import io.deployments.exporter.snapshot.WindowCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All windows at one moment, which moves on: a row comes once, into every window, and leaves each
 * when it has become too old for it.
 *
 * <p>Projects are counted without counting their rows: a project enters a window with a row that
 * has no predecessor there, and leaves it with a row that has no successor. So one look for the
 * predecessor serves all windows.
 */
final class SlidingWindows {

  /** A row's groups: everything, its network, its template on its network. */
  private static final int GROUPS = 3;

  private final long[] lengths;
  private final int largest;
  private final long[] tails;
  private final RowQueue rows = new RowQueue();
  private final LastRows lastRows = new LastRows();
  private final Map<String, Project> projects = new HashMap<>();
  private final Map<Combination.Labels, Combination> combinations = new HashMap<>();
  private final Map<List<String>, ProjectGroup> groups = new HashMap<>();
  private final Axis networks;
  private final Axis templates = new Axis(List.of());
  private final Axis statuses = new Axis(List.of(LabelValues.SUCCESS, LabelValues.FAILED));
  private final List<Combination> unpublished = new ArrayList<>();
  private final ProjectGroup everything;
  private int nextNumber;
  private boolean moved = true;

  SlidingWindows(Scope scope) {
    lengths = scope.windows().stream().mapToLong(w -> w.length().toNanos() / 1000).toArray();
    largest = lengths.length - 1;
    tails = new long[lengths.length];
    networks = new Axis(scope.networks());
    everything = newGroup();
  }

  Axis networks() {
    return networks;
  }

  Axis templates() {
    return templates;
  }

  Axis statuses() {
    return statuses;
  }

  /**
   * Takes in a row; none may be older than the one before.
   *
   * @param projectName null if the row names none: it counts as a deployment only
   */
  void enter(long createdAtMicros, Combination.Labels labels, @Nullable String projectName) {
    moved = true;
    Combination combination = combinations.get(labels);
    if (combination == null) {
      combination = newCombination(labels);
    }
    Project project =
        projectName == null ? null : projects.computeIfAbsent(projectName, this::newProject);
    long row = rows.add(createdAtMicros, combination, project);
    combination.enter(createdAtMicros);
    networks.enter(combination.network());
    templates.enter(combination.template());
    statuses.enter(combination.status());
    if (project != null) {
      for (int kind = 0; kind < GROUPS; kind++) {
        enterGroup(row, project, kind, group(combination, kind));
      }
    }
  }

  private void enterGroup(long row, Project project, int kind, ProjectGroup group) {
    long last = lastRows.put(project, group, row);
    for (int window = 0; window <= largest; window++) {
      if (last < tails[window]) {
        group.add(window, 1);
      }
    }
    if (last != LastRows.NONE) {
      rows.supersede(last, kind);
    }
  }

  /** Lets go what is too old at the moment; returns whether anything came or went since then. */
  boolean advance(long momentMicros) {
    for (int window = 0; window <= largest; window++) {
      long start = momentMicros - lengths[window];
      while (tails[window] < rows.end() && rows.createdAtMicros(tails[window]) < start) {
        leave(tails[window]++, window);
        moved = true;
      }
    }
    boolean result = moved;
    moved = false;
    return result;
  }

  private void leave(long row, int window) {
    Combination combination = rows.combination(row);
    Project project = rows.project(row);
    if (project != null) {
      for (int kind = 0; kind < GROUPS; kind++) {
        if (!rows.isSuperseded(row, kind)) {
          leaveGroup(project, window, group(combination, kind));
        }
      }
    }
    long left = combination.leave(window);
    if (window == largest) {
      networks.leave(combination.network());
      templates.leave(combination.template());
      statuses.leave(combination.status());
      if (left == 0) {
        forget(combination);
      }
      rows.removeFirst();
    }
  }

  private void leaveGroup(Project project, int window, ProjectGroup group) {
    group.add(window, -1);
    if (window == largest) {
      lastRows.remove(project, group);
      if (group == everything) {
        projects.remove(project.name());
      }
    }
  }

  private ProjectGroup group(Combination combination, int kind) {
    return switch (kind) {
      case 0 -> everything;
      case 1 -> combination.onNetwork();
      default -> combination.ofTemplate();
    };
  }

  private Combination newCombination(Combination.Labels labels) {
    Combination combination =
        new Combination(
            labels,
            networks.value(labels.network()),
            templates.value(labels.template()),
            statuses.value(labels.status()),
            groups.computeIfAbsent(onNetwork(labels), key -> newGroup()),
            groups.computeIfAbsent(ofTemplate(labels), key -> newGroup()),
            lengths.length);
    combination.onNetwork().addUser(1);
    combination.ofTemplate().addUser(1);
    combinations.put(labels, combination);
    unpublished.add(combination);
    return combination;
  }

  private void forget(Combination combination) {
    Combination.Labels labels = combination.labels();
    combinations.remove(labels);
    if (combination.onNetwork().addUser(-1) == 0) {
      groups.remove(onNetwork(labels));
    }
    if (combination.ofTemplate().addUser(-1) == 0) {
      groups.remove(ofTemplate(labels));
    }
  }

  private static List<String> onNetwork(Combination.Labels labels) {
    return List.of(labels.network());
  }

  private static List<String> ofTemplate(Combination.Labels labels) {
    return List.of(labels.network(), labels.template());
  }

  private Project newProject(String name) {
    return new Project(name, nextNumber++);
  }

  private ProjectGroup newGroup() {
    return new ProjectGroup(nextNumber++, lengths.length);
  }

  /** The combinations that are new since the last call. */
  List<Combination> takeUnpublished() {
    List<Combination> result = List.copyOf(unpublished);
    unpublished.clear();
    return result;
  }

  /** Those with rows in the largest window. */
  Collection<Combination> combinations() {
    return combinations.values();
  }

  ProjectGroup everything() {
    return everything;
  }

  /** The same as the aggregate queries would say it. */
  Aggregates aggregates(Instant moment) {
    List<DeploymentCount> deployments = new ArrayList<>();
    List<NetworkProjects> onNetworks = new ArrayList<>();
    List<TemplateProjects> ofTemplates = new ArrayList<>();
    combinations.values().forEach(c -> deployments.add(c.toCount()));
    groups.forEach(
        (names, group) -> {
          if (names.size() == 1) {
            onNetworks.add(new NetworkProjects(names.get(0), counts(group)));
          } else {
            ofTemplates.add(new TemplateProjects(names.get(0), names.get(1), counts(group)));
          }
        });
    return new Aggregates(
        moment,
        new Deployments(deployments, Map.of()),
        onNetworks,
        counts(everything),
        ofTemplates);
  }

  private WindowCounts counts(ProjectGroup group) {
    return new WindowCounts(IntStream.rangeClosed(0, largest).mapToObj(group::projects).toList());
  }
}
