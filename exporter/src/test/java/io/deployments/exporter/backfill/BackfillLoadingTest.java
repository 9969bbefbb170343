package io.deployments.exporter.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loaders really take, and whether the history joins what is scraped afterwards. */
class BackfillLoadingTest {

  private static final String SERIES =
      "deployments_30d{job=\"demo\",network=\"metis\",template=\"erc20\",status=\"success\"}";

  private static TestDatabase database;
  private static RunningExporter exporter;

  @TempDir private Path folder;

  /** A deployment every ten minutes for 120 days, so that every value is known. */
  @BeforeAll
  static void start() {
    database = TestDatabase.create().run("schema.sql");
    database.execute(
        """
        INSERT INTO deployments
        SELECT 'p' || i % 100, 'metis', 'erc20', CASE i % 10 WHEN 0 THEN 'failed' ELSE 'success' END,
               date_trunc('hour', now()) - i * interval '10 minutes'
        FROM generate_series(0, 120 * 144) AS i
        """);
    exporter = RunningExporter.ready(database.settings());
  }

  @AfterAll
  static void stop() {
    exporter.close();
    database.close();
  }

  private void backfill(String output, int days) {
    BackfillRun run =
        BackfillRun.of(
            database,
            List.of(),
            "--from=" + Instant.now().minus(days, ChronoUnit.DAYS),
            "--label=job=demo",
            "--label=instance=127.0.0.1:" + exporter.uri("/").getPort(),
            "--output=" + output);
    assertThat(run.exit()).as("%s", run.err()).isZero();
  }

  @Test
  void prometheus() throws IOException {
    InstalledProgram promtool = InstalledProgram.orSkip("promtool");
    InstalledProgram prometheus = InstalledProgram.orSkip("prometheus");
    backfill(folder + "/history/", 120);
    String data = Files.createDirectory(folder.resolve("data")).toString();
    int files = 0;
    try (DirectoryStream<Path> history = Files.newDirectoryStream(folder.resolve("history"))) {
      for (Path file : history) {
        promtool.run(
            "tsdb",
            "create-blocks-from",
            "--max-block-duration=240h",
            "openmetrics",
            file.toString(),
            data);
        files++;
      }
    }
    assertThat(files).isBetween(12, 13);
    int port = exporter.uri("/").getPort();
    try (QueryServer server = QueryServer.prometheus(prometheus, folder, port)) {
      assertJoined(server);
    }
  }

  @Test
  void victoriaMetrics() throws IOException {
    InstalledProgram program = InstalledProgram.orSkip("victoria-metrics");
    backfill(folder + "/history.om.gz", 60);
    backfill(folder + "/older.om", 120);
    int port = exporter.uri("/").getPort();
    try (QueryServer server = QueryServer.victoriaMetrics(program, folder, port)) {
      server.load(folder.resolve("history.om.gz"));
      server.load(folder.resolve("older.om"));
      assertJoined(server);
    }
  }

  /** The long-term store behind a Prometheus: history by import, everything new by remote write. */
  @Test
  void victoriaMetricsBehindPrometheus() throws IOException {
    InstalledProgram program = InstalledProgram.orSkip("victoria-metrics");
    InstalledProgram prometheus = InstalledProgram.orSkip("prometheus");
    backfill(folder + "/history.om.gz", 120);
    Path scraping = Files.createDirectory(folder.resolve("prometheus"));
    int port = exporter.uri("/").getPort();
    try (QueryServer store = QueryServer.victoriaMetrics(program, folder);
        QueryServer sender = QueryServer.prometheus(prometheus, scraping, port, store)) {
      store.load(folder.resolve("history.om.gz"));
      assertJoined(store);
      // It has been sending what it has scraped, and knows nothing older.
      assertThat(sender.instant(SERIES, Instant.now())).hasSize(1);
      assertThat(sender.instant(SERIES + " offset 20d", Instant.now())).isEmpty();
    }
  }

  private static void assertJoined(QueryServer server) {
    Instant begun = Instant.now();
    Await.until(
        () -> "live samples",
        Duration.ofSeconds(30),
        () ->
            !server
                .instant("timestamp(" + SERIES + ") >= " + begun.getEpochSecond(), Instant.now())
                .isEmpty());
    // The end is the newest live sample: beyond it VictoriaMetrics may show nothing yet.
    Instant now =
        Instant.ofEpochSecond(
            only(server.instant("timestamp(" + SERIES + ")", Instant.now()))
                .values()
                .iterator()
                .next()
                .longValue());
    // One series, of history and scrapes; 4,320 deployments in 30 days, and the one on the bound.
    SortedMap<Long, Double> days =
        only(server.range(SERIES, now.minus(100, ChronoUnit.DAYS), now, Duration.ofHours(1)));
    assertThat(days).hasSize(100 * 24 + 1);
    days.forEach(
        (time, value) ->
            assertThat(value)
                .isBetween(time < now.getEpochSecond() - 90 * 86_400 ? 0.0 : 3_880, 3_892.0));

    SortedMap<Long, Double> seam =
        only(server.range(SERIES, now.minus(30, ChronoUnit.MINUTES), now, Duration.ofSeconds(5)));
    assertThat(seam).hasSize(30 * 12 + 1);
    assertThat(seam.values()).allSatisfy(value -> assertThat(value).isBetween(3_880.0, 3_892.0));

    assertThat(only(server.instant(SERIES + " offset 20d", now)).values())
        .singleElement()
        .satisfies(value -> assertThat(value).isBetween(3_880.0, 3_892.0));
  }

  private static SortedMap<Long, Double> only(List<SortedMap<Long, Double>> series) {
    assertThat(series).hasSize(1);
    return series.get(0);
  }
}
