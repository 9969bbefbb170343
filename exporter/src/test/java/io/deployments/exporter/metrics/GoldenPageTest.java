package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.database.ReadTransaction;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.testing.Golden;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.SettableClock;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page to the letter, over fixed rows and a fixed clock. */
class GoldenPageTest {

  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");

  private static TestDatabase postgres;

  @BeforeAll
  static void fill() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute(
        """
        INSERT INTO deployments VALUES
          ('p1', 'metis', 'erc20', 'success', '2026-03-01T11:59:59.5Z'),
          ('p1', 'metis', 'erc20', 'success', '2026-03-01T02:00:00Z'),
          ('p2', 'metis', 'erc20', 'failed', '2026-02-27T12:00:00Z'),
          ('p1', 'metis', 'nft', 'pending', '2026-02-10T12:00:00Z'),
          ('p1', 'hyperion', 'nft', 'failed', '2026-01-30T12:00:00Z'),
          (NULL, NULL, '', 'success', '2026-03-01T11:30:00Z'),
          ('p3', 'metis', 'erc20', 'success', '2026-01-30T11:59:59.999Z'),
          ('p4', 'metis', 'erc20', 'success', '2026-03-01T12:00:00.000001Z'),
          ('p5', 'metis', 'erc20', 'success', NULL)
        """);
  }

  @AfterAll
  static void drop() {
    postgres.close();
  }

  /** The deployment families and the exporter's own. */
  private static PrometheusRegistry registry() {
    Settings settings = postgres.settings("REFRESH_INTERVAL", "30s", "MAX_DATABASE_SHARE", "0.1");
    Snapshot snapshot;
    try (Database database =
            new Database(
                settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry());
        ReadTransaction transaction = database.begin(Deadline.in(settings.refresh().timeout()))) {
      snapshot = Snapshot.of(transaction.aggregates(T, settings.scope()), settings.scope());
    }
    PrometheusRegistry registry = new PrometheusRegistry();
    CurrentSnapshot current =
        new CurrentSnapshot(settings.refresh(), settings.scope().windows(), new SettableClock(T));
    ExporterMetrics own = new ExporterMetrics(registry, current, new BuildInfo("1.2.3", "abc1234"));
    registry.register(new DeploymentCollector(current::fresh));
    List<RefreshOutcome> outcomes =
        List.of(
            new RefreshOutcome.Failed(
                FailureReason.CONNECT,
                "",
                "",
                false,
                Duration.ofSeconds(2),
                Duration.ZERO,
                List.of()),
            new RefreshOutcome.Succeeded(
                snapshot,
                T.plusMillis(250),
                Duration.ofMillis(240),
                Duration.ofSeconds(4),
                List.of(new QueryRun("deployments", Duration.ofMillis(125), 6))));
    for (RefreshOutcome outcome : outcomes) {
      current.accept(outcome);
      own.accept(outcome);
    }
    return registry;
  }

  private static String page() {
    return Pages.text(registry())
        .replace("java_version=\"" + Runtime.version() + "\"", "java_version=\"17\"");
  }

  @Test
  void deploymentsAndTheExportersOwn() {
    Golden.assertSame("metrics.txt", page());
  }

  @Test
  void promtoolFindsNothingToSay() {
    InstalledProgram promtool = InstalledProgram.orSkip("promtool");
    assertThat(promtool.runOn(page(), "check", "metrics")).isEmpty();
  }

  @Test
  void theRestOfThePageByName() {
    try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
      exporter.get("/metrics");
      String names =
          exporter.metrics().types().entrySet().stream()
              .filter(family -> !family.getKey().startsWith("deployments_"))
              // Depend on the collectors and the buffers this JVM happens to have used.
              .filter(family -> !family.getKey().startsWith("jvm_gc_"))
              .map(family -> family.getKey() + " " + family.getValue())
              .collect(Collectors.joining("\n", "", "\n"));
      Golden.assertSame("runtime-families.txt", names);
    }
  }
}
