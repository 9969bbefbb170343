package io.deployments.exporter.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The immutable result of one refresh: everything that is published, true at one moment.
 *
 * <p>Bounded and dense: values beyond the bounds are folded into {@code other}, and every
 * combination of known network, template and status has a count, 0 where there were no rows.
 *
 * @param moment the database's clock when the transaction began
 * @param windows shortest first; every {@link WindowCounts} is in this order
 * @param networks known networks, by name
 * @param deployments for each network, template and status, by name
 * @param networkProjects for each network; none for a folded {@code other}
 * @param anyNetworkProjects distinct projects over all networks
 * @param templateProjects for each network and template; none for a folded {@code other}
 * @param foldedValues how many values were folded, by the name of the label
 */
public record Snapshot(
    Instant moment,
    List<Window> windows,
    List<String> networks,
    List<DeploymentCount> deployments,
    List<NetworkProjects> networkProjects,
    WindowCounts anyNetworkProjects,
    List<TemplateProjects> templateProjects,
    Map<String, Integer> foldedValues) {

  /** Copies the collections. */
  public Snapshot {
    windows = List.copyOf(windows);
    networks = List.copyOf(networks);
    deployments = List.copyOf(deployments);
    networkProjects = List.copyOf(networkProjects);
    templateProjects = List.copyOf(templateProjects);
    foldedValues = Map.copyOf(foldedValues);
  }

  private record Series(String network, String template, String status) {}

  /** Folds what is beyond the bounds of the scope and fills in the zeros. */
  public static Snapshot of(Aggregates aggregates, Scope scope) {
    int largest = scope.windows().size() - 1;
    WindowCounts zero = WindowCounts.zero(scope.windows().size());
    List<DeploymentCount> rows = aggregates.deployments().counts();
    Folding networkFolding =
        Folding.of(
            rowsBy(rows, DeploymentCount::network, largest),
            aggregates.deployments().folded("network"),
            scope.networks(),
            Scope.MAX_VALUES);
    Folding statusFolding =
        Folding.of(
            rowsBy(rows, DeploymentCount::status, largest),
            aggregates.deployments().folded("status"),
            List.of(LabelValues.SUCCESS, LabelValues.FAILED),
            Scope.MAX_VALUES);
    Map<String, Long> rowsByTemplate = rowsBy(rows, DeploymentCount::template, largest);
    Folding templateFolding =
        Folding.of(
            rowsByTemplate,
            aggregates.deployments().folded("template"),
            List.of(),
            scope.templatesKept(
                rowsByTemplate.size(),
                networkFolding.values().size() * statusFolding.values().size()));

    Map<Series, DeploymentCount> counts = new HashMap<>();
    for (DeploymentCount row : rows) {
      DeploymentCount folded =
          row.labelled(
              networkFolding.apply(row.network()),
              templateFolding.apply(row.template()),
              statusFolding.apply(row.status()));
      counts.merge(
          new Series(folded.network(), folded.template(), folded.status()),
          folded,
          DeploymentCount::plus);
    }
    SortedSet<String> networks = new TreeSet<>(networkFolding.values());
    SortedSet<String> templates = new TreeSet<>(templateFolding.values());
    SortedSet<String> statuses = new TreeSet<>(statusFolding.values());

    List<DeploymentCount> deployments = new ArrayList<>();
    for (String network : networks) {
      for (String template : templates) {
        for (String status : statuses) {
          DeploymentCount found = counts.get(new Series(network, template, status));
          deployments.add(
              found != null ? found : DeploymentCount.none(network, template, status, zero));
        }
      }
    }

    Map<String, WindowCounts> projectsByNetwork =
        aggregates.networkProjects().stream()
            .collect(Collectors.toMap(NetworkProjects::network, NetworkProjects::counts));
    List<NetworkProjects> networkProjects =
        networks.stream()
            .filter(networkFolding::hasOwnFigures)
            .map(n -> new NetworkProjects(n, projectsByNetwork.getOrDefault(n, zero)))
            .toList();

    Map<Series, WindowCounts> projectsByTemplate = new HashMap<>();
    for (TemplateProjects row : aggregates.templateProjects()) {
      projectsByTemplate.put(new Series(row.network(), row.template(), ""), row.counts());
    }
    List<TemplateProjects> templateProjects = new ArrayList<>();
    for (String network : networks) {
      for (String template : templates) {
        if (networkFolding.hasOwnFigures(network) && templateFolding.hasOwnFigures(template)) {
          templateProjects.add(
              new TemplateProjects(
                  network,
                  template,
                  projectsByTemplate.getOrDefault(new Series(network, template, ""), zero)));
        }
      }
    }

    return new Snapshot(
        aggregates.moment(),
        scope.windows(),
        List.copyOf(networks),
        deployments,
        networkProjects,
        aggregates.anyNetworkProjects(),
        templateProjects,
        Map.of(
            "network", networkFolding.folded(),
            "template", templateFolding.folded(),
            "status", statusFolding.folded()));
  }

  private static Map<String, Long> rowsBy(
      List<DeploymentCount> rows, Function<DeploymentCount, String> label, int window) {
    BinaryOperator<Long> sum = Long::sum;
    Map<String, Long> result = new TreeMap<>();
    rows.forEach(row -> result.merge(label.apply(row), row.counts().get(window), sum));
    return result;
  }
}
