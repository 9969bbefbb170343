package io.deployments.exporter.check;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.DatabaseException;
import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.database.ProjectCounts;
import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.database.ReadTransaction;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.Deployments;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Runs each aggregate as a refresh does, but in a transaction of its own. */
final class AggregateRuns {

  @FunctionalInterface
  private interface Aggregate<T> {
    T read(ReadTransaction transaction, Instant moment, Scope scope);
  }

  private final Settings settings;
  private final Database database;
  private final List<QueryRun> runs = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  AggregateRuns(Settings settings, Database database) {
    this.settings = settings;
    this.database = database;
  }

  /** What they cost, and what the labels hold. */
  List<Finding> findings() {
    run("deployments", ReadTransaction::deployments).ifPresent(this::addFindings);
    return findings;
  }

  private void addFindings(Deployments deployments) {
    Optional<ProjectCounts> projects =
        run("projects", (t, moment, scope) -> t.projects(moment, scope.windows(), deployments));
    findings.addAll(
        NetworkFindings.of(
            rowsBy(DeploymentCount::network, "network", deployments), settings.scope().networks()));
    findings.add(StatusFindings.of(rowsBy(DeploymentCount::status, "status", deployments)));
    projects.ifPresent(
        found -> {
          // The moment labels nothing that is looked at here.
          Aggregates aggregates =
              new Aggregates(
                  Instant.EPOCH,
                  deployments,
                  found.onNetworks(),
                  found.onAnyNetwork(),
                  found.ofTemplates());
          findings.add(QueryFindings.folding(aggregates, settings));
          findings.addAll(QueryFindings.together(runs, settings.refresh()));
        });
  }

  private <T> Optional<T> run(String name, Aggregate<T> aggregate) {
    try (ReadTransaction transaction = database.begin(Deadline.in(settings.refresh().timeout()))) {
      T result = aggregate.read(transaction, transaction.moment(), settings.scope());
      runs.addAll(transaction.runs());
      transaction.runs().forEach(run -> findings.add(QueryFindings.of(run)));
      return Optional.of(result);
    } catch (DatabaseException e) {
      findings.add(Finding.fail("query", name + ": " + e.getMessage()));
      return Optional.empty();
    }
  }

  /** Rows in the largest window by the values that are published as they are, most first. */
  private Map<String, Long> rowsBy(
      Function<DeploymentCount, String> value, String label, Deployments deployments) {
    int largest = settings.scope().windows().size() - 1;
    Map<String, Long> sums = new LinkedHashMap<>();
    deployments
        .counts()
        .forEach(row -> sums.merge(value.apply(row), row.counts().get(largest), Long::sum));
    sums.remove(LabelValues.UNKNOWN);
    if (deployments.folded(label) > 0) {
      sums.remove(LabelValues.OTHER);
    }
    Map<String, Long> sorted = new LinkedHashMap<>();
    sums.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }
}
