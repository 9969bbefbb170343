package io.deployments.exporter.api;

import io.deployments.exporter.database.ReadTransaction;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.NetworkStats;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One question, for all networks at once, in the two ways it can be answered: from a window of the
 * snapshot, or by one query of the database.
 *
 * @param <T> what is known of one network
 */
interface Question<T> {

  /** Figures by network, from the window with the given index. */
  Map<String, T> from(Snapshot snapshot, int window);

  /** Figures by network over the one window of the scope, by one query. */
  Map<String, T> from(ReadTransaction transaction, Scope scope);

  /** What holds for a network without deployments. */
  T nothing();

  /** About how many bytes of memory one network's figures take. */
  default long bytes(T figures) {
    return 64;
  }

  /** Use of one template. */
  record Use(String template, long deployments, long successful) {}

  /** Distinct projects. */
  Question<Long> ACTIVE_PROJECTS =
      new Question<>() {
        @Override
        public Map<String, Long> from(Snapshot snapshot, int window) {
          return projects(snapshot.networkProjects(), window);
        }

        @Override
        public Map<String, Long> from(ReadTransaction transaction, Scope scope) {
          return stats(transaction, scope).stream()
              .collect(Collectors.toMap(NetworkStats::network, NetworkStats::projects));
        }

        @Override
        public Long nothing() {
          return 0L;
        }
      };

  /** Deployments, how they went, and projects. */
  Question<NetworkStats> DEPLOYMENT_STATS =
      new Question<>() {
        @Override
        public Map<String, NetworkStats> from(Snapshot snapshot, int window) {
          Map<String, Long> projects = projects(snapshot.networkProjects(), window);
          Map<String, List<Use>> uses = uses(snapshot.deployments(), window);
          Map<String, Long> failed = new HashMap<>();
          snapshot.deployments().stream()
              .filter(row -> row.status().equals(LabelValues.FAILED))
              .forEach(row -> failed.merge(row.network(), row.counts().get(window), Long::sum));
          // A folded `other` has deployments, but no projects that could be told apart.
          return projects.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      network -> {
                        List<Use> used = uses.getOrDefault(network.getKey(), List.of());
                        return new NetworkStats(
                            network.getKey(),
                            used.stream().mapToLong(Use::deployments).sum(),
                            used.stream().mapToLong(Use::successful).sum(),
                            failed.getOrDefault(network.getKey(), 0L),
                            network.getValue());
                      }));
        }

        @Override
        public Map<String, NetworkStats> from(ReadTransaction transaction, Scope scope) {
          return stats(transaction, scope).stream()
              .collect(Collectors.toMap(NetworkStats::network, stats -> stats));
        }

        @Override
        public NetworkStats nothing() {
          return new NetworkStats("", 0, 0, 0, 0);
        }
      };

  /** Templates with at least one deployment, most used first, ties by name. */
  Question<List<Use>> TEMPLATES =
      new Question<>() {
        @Override
        public Map<String, List<Use>> from(Snapshot snapshot, int window) {
          return uses(snapshot.deployments(), window);
        }

        @Override
        public Map<String, List<Use>> from(ReadTransaction transaction, Scope scope) {
          return uses(transaction.deployments(transaction.moment(), scope).counts(), 0);
        }

        @Override
        public List<Use> nothing() {
          return List.of();
        }

        @Override
        public long bytes(List<Use> uses) {
          return uses.stream().mapToLong(use -> 104 + 2L * use.template().length()).sum();
        }
      };

  private static List<NetworkStats> stats(ReadTransaction transaction, Scope scope) {
    return transaction.deploymentStats(
        transaction.moment(), scope.largestWindow(), scope.networks());
  }

  private static Map<String, Long> projects(List<NetworkProjects> rows, int window) {
    return rows.stream()
        .collect(Collectors.toMap(NetworkProjects::network, row -> row.counts().get(window)));
  }

  private static Map<String, List<Use>> uses(List<DeploymentCount> rows, int window) {
    Map<String, Map<String, Use>> byNetwork = new TreeMap<>();
    for (DeploymentCount row : rows) {
      long count = row.counts().get(window);
      long successful = row.status().equals(LabelValues.SUCCESS) ? count : 0;
      byNetwork
          .computeIfAbsent(row.network(), network -> new HashMap<>())
          .merge(
              row.template(),
              new Use(row.template(), count, successful),
              (a, b) ->
                  new Use(
                      a.template(),
                      a.deployments() + b.deployments(),
                      a.successful() + b.successful()));
    }
    Map<String, List<Use>> result = new TreeMap<>();
    byNetwork.forEach(
        (network, templates) ->
            result.put(
                network,
                templates.values().stream()
                    .filter(use -> use.deployments() > 0)
                    .sorted(
                        Comparator.comparingLong(Use::deployments)
                            .reversed()
                            .thenComparing(Use::template))
                    .toList()));
    return result;
  }
}
