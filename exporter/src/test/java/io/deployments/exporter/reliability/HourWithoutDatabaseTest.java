package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.SettableClock;
import io.deployments.exporter.testing.TcpProxy;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An hour without a database, as the alerts see it: the pages of a real exporter whose clock is
 * moved, minute by minute, as the series of a rule test.
 */
class HourWithoutDatabaseTest {

  private static final int AWAY = 20;
  private static final int BACK = AWAY + 60;
  private static final int END = BACK + 20;

  /** The last minute in which figures of minute 19 are published: five minutes old. */
  private static final int LAST_FIGURES = AWAY - 1 + 5;

  private static final String OURS = "DeploymentTelemetryStale|DeploymentTelemetryDatabaseDown";

  @TempDir private Path folder;

  @Test
  void theStalenessAlertFiresAndNoOther() throws IOException {
    InstalledProgram promtool = InstalledProgram.orSkip("promtool");
    List<Exposition> pages = record();
    for (int minute = 0; minute < END; minute++) {
      boolean expected = minute <= LAST_FIGURES || minute >= BACK;
      assertThat(pages.get(minute).value("deployments_success_ratio_24h", "network", "metis"))
          .as("figures in minute " + minute)
          .isEqualTo(expected ? Optional.of(0.95) : Optional.empty());
    }
    Path test = Files.writeString(folder.resolve("hour.yml"), ruleTest(pages));
    assertThat(promtool.run("test", "rules", test.toString())).contains("SUCCESS");
    System.out.println(
        "An hour without database: stale fires in minute "
            + (LAST_FIGURES - AWAY)
            + " of it, figures go after minute "
            + (LAST_FIGURES - AWAY)
            + ", no alert on them in "
            + END
            + " minutes");
  }

  /** The page of each minute. */
  private static List<Exposition> record() throws IOException {
    // Time in a rule test begins with the epoch.
    SettableClock clock = new SettableClock(Instant.EPOCH);
    List<Exposition> pages = new ArrayList<>();
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql");
        TcpProxy proxy = TcpProxy.to(postgres.port())) {
      // Enough for every alert's minimum, and better than every threshold.
      postgres.execute(
          "INSERT INTO deployments SELECT 'p' || i, n, 'erc20', CASE WHEN i % 20 = 0 THEN 'failed'"
              + " ELSE 'success' END FROM generate_series(1, 200) AS i,"
              + " unnest(ARRAY['metis', 'hyperion']) AS n");
      try (RunningExporter exporter =
          RunningExporter.start(
              TestDatabase.settingsFor(
                  "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + postgres.name(),
                  "REFRESH_INTERVAL",
                  "20ms"),
              clock)) {
        ExporterClient client = exporter.client();
        client.awaitReady();
        for (int minute = 0; minute < END; minute++) {
          if (minute == BACK) {
            proxy.forward();
          }
          if (minute < AWAY || minute >= BACK) {
            double now = clock.instant().getEpochSecond();
            Await.until(
                () -> "refreshed", Duration.ofMinutes(2), () -> client.lastSuccess() == now);
          }
          pages.add(client.metrics());
          if (minute + 1 == AWAY) {
            // Before the minute begins: a refresh under way would end in it.
            proxy.cut(0);
            Await.until(
                () -> "the cut is noticed",
                Duration.ofMinutes(2),
                () ->
                    client.metrics().value("deployments_exporter_database_up").orElseThrow() == 0);
          }
          clock.advance(Duration.ofMinutes(1));
        }
      }
    }
    return pages;
  }

  private static String ruleTest(List<Exposition> pages) throws IOException {
    TreeMap<String, Exposition.Series> all = new TreeMap<>();
    pages.forEach(
        page ->
            page.samples().keySet().stream()
                .filter(series -> series.name().startsWith("deployments_"))
                .forEach(series -> all.put(series.toString(), series)));
    String series =
        all.values().stream().map(s -> series(name(s), s, pages)).collect(Collectors.joining("\n"));
    StringBuilder checks = new StringBuilder();
    for (int minute = 0; minute < END; minute++) {
      check(checks, minute, "count(ALERTS{alertname!~\"" + OURS + "\"})", false);
    }
    String stale = "count(ALERTS{alertname=\"DeploymentTelemetryStale\",alertstate=\"firing\"})";
    for (int minute = 0; minute <= AWAY; minute++) {
      check(checks, minute, stale, false);
    }
    for (int minute = LAST_FIGURES; minute < BACK; minute++) {
      check(checks, minute, stale, true);
    }
    check(checks, END - 1, stale, false);
    try (Stream<Path> rules = Files.list(Path.of("..", "prometheus", "rules"))) {
      return """
          rule_files: [%s]
          evaluation_interval: 1m
          tests:
            - interval: 1m
              input_series:
                - series: 'up{job="deployment-exporter", instance="exporter:9079"}'
                  values: '1x%d'
          %s
              promql_expr_test:
          %s
          """
          .formatted(
              rules
                  .map(file -> "'" + file.toAbsolutePath().normalize() + "'")
                  .collect(Collectors.joining(", ")),
              END,
              series,
              checks);
    }
  }

  private static String name(Exposition.Series series) {
    Map<String, String> labels = new TreeMap<>(series.labels());
    labels.put("job", "deployment-exporter");
    labels.put("instance", "exporter:9079");
    return series.name()
        + new TreeSet<>(labels.keySet())
            .stream()
                .map(label -> label + "=\"" + labels.get(label) + "\"")
                .collect(Collectors.joining(", ", "{", "}"));
  }

  /** A scrape without a series that was in the one before ends that series. */
  private static String series(String name, Exposition.Series series, List<Exposition> pages) {
    List<String> values = new ArrayList<>();
    for (Exposition page : pages) {
      Double value = page.samples().get(series);
      boolean isGone =
          values.isEmpty() || List.of("_", "stale").contains(values.get(values.size() - 1));
      values.add(value != null ? value.toString() : isGone ? "_" : "stale");
    }
    return "      - series: '" + name + "'\n        values: '" + String.join(" ", values) + "'";
  }

  private static void check(StringBuilder checks, int minute, String expression, boolean holds) {
    checks
        .append("      - expr: '" + expression + "'\n")
        .append("        eval_time: " + minute + "m\n")
        .append("        exp_samples: " + (holds ? "[{labels: '{}', value: 1}]" : "[]") + "\n");
  }
}
