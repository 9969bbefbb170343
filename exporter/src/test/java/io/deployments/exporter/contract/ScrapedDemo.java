package io.deployments.exporter.contract;

import io.deployments.exporter.demo.DemoHistory;
import io.deployments.exporter.demo.DemoPrometheus;
import io.deployments.exporter.rules.Rule;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.PrometheusApi;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The demo's deployments in a PostgreSQL, an exporter on them, and a Prometheus that has their
 * history, started as the demo starts it but for shorter intervals.
 */
final class ScrapedDemo implements AutoCloseable {

  /**
   * Where queries would rightly find nothing: in quiet hours, such as a Sunday's night, and on
   * templates with the name that folded ones get.
   */
  private static final String ROWS_FOR_EVERY_QUERY =
      """
      INSERT INTO deployments
      SELECT 'p' || i % 7, network, template, CASE i % 3 WHEN 0 THEN 'failed' ELSE 'success' END,
             now() - i * interval '20 minutes'
      FROM (SELECT DISTINCT network, template FROM deployments
            WHERE created_at > now() - interval '7 days'
            UNION SELECT 'metis', 'other') AS used,
           generate_series(1, 3 * 72) AS i
      """;

  /** For queries on alerts: nothing else fires when all is well. */
  private static final String FIRING =
      """
      groups:
        - name: contract
          rules:
            - alert: DeploymentSuccessRateLow
              expr: job_network:deployments:30d{network="metis"} > 0
              labels:
                severity: warning
      """;

  private final TestDatabase database;
  private final RunningExporter exporter;
  private final DemoPrometheus server;
  private final PrometheusApi prometheus;

  private ScrapedDemo(TestDatabase database, RunningExporter exporter, DemoPrometheus server) {
    this.database = database;
    this.exporter = exporter;
    this.server = server;
    this.prometheus = new PrometheusApi(server.address());
  }

  /**
   * Starts it, and waits until every rule has been evaluated; skips where there is no Prometheus.
   */
  static ScrapedDemo start(Path folder) throws IOException, InterruptedException {
    Path program = DemoPrometheus.programOrSkip();
    TestDatabase database =
        TestDatabase.create()
            .run("schema.sql")
            .run("demo-history.sql")
            .execute(ROWS_FOR_EVERY_QUERY);
    RunningExporter exporter = RunningExporter.ready(database.settings());
    String target = "127.0.0.1:" + exporter.uri("/").getPort();
    new DemoHistory(program, Map.of("DATABASE_URL", database.url(), "DATABASE_USER", "postgres"))
        .load(target, Instant.now(), DemoHistory.STEP, folder, progress -> {});
    Path rules = Files.createDirectory(folder.resolve("rules"));
    for (Path file : Rule.files(Path.of("..", "prometheus", "rules"))) {
      Files.copy(file, rules.resolve(file.getFileName()));
    }
    Files.writeString(rules.resolve("contract.yml"), FIRING);
    String configuration =
        DemoPrometheus.configuration(rules, target).replaceAll("_interval: 15s", "_interval: 1s");
    DemoPrometheus server =
        DemoPrometheus.start(program, folder, configuration, InstalledProgram.freePort());
    ScrapedDemo demo = new ScrapedDemo(database, exporter, server);
    demo.awaitFigures();
    return demo;
  }

  private void awaitFigures() {
    // So that there are figures on requests.
    exporter.get("/api/v1/network-split");
    exporter.get("/api/v1/network-split?days=0");
    exporter.get("/");
    List<String> recorded =
        Rule.all(Path.of("..", "prometheus", "rules")).stream()
            .filter(rule -> !rule.isAlert())
            .map(Rule::name)
            .toList();
    Await.until(
        () -> "every recorded series: " + recorded,
        Duration.ofSeconds(60),
        () -> prometheus.labelValues("__name__", "").containsAll(recorded));
    Await.until(
        () -> "scrapes to take rates over",
        Duration.ofSeconds(60),
        () ->
            !prometheus
                .instant("count_over_time(up[1m]) > 4 and on () ALERTS", Instant.now())
                .isEmpty());
  }

  PrometheusApi prometheus() {
    return prometheus;
  }

  TestDatabase database() {
    return database;
  }

  @Override
  public void close() {
    server.close();
    exporter.close();
    database.close();
  }
}
