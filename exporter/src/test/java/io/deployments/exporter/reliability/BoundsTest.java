package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As many values as a table can hold, in the memory that the image gives itself in a container of
 * 256 MiB, with eight windows: nothing ends the process.
 */
class BoundsTest {

  /** More than are kept, of a different number of rows each. */
  private static final String ALL_COMBINATIONS =
      """
      SELECT 'p' || row %% 300, 'network-' || n, 'template-' || t, 'status-' || s,
             now() - interval '1 minute' * (t + row)
      FROM generate_series(1, %d) AS n, generate_series(1, %d) AS t, generate_series(1, %d) AS s,
           generate_series(1, 1 + (n + t + s) %% 3) AS row
      """;

  private static final String DISTINCT =
      """
      SELECT 'p' || i %% 1000, %s, now() - interval '1 second' * i
      FROM generate_series(1, %d) AS i
      """;

  private static final List<String> FORMATS =
      List.of(
          "text/plain",
          "application/openmetrics-text",
          "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
              + " encoding=delimited");

  /** As the log of the JVM has them, with the heap before any, and after those of all of it. */
  private static final Pattern ANY_COLLECTION = Pattern.compile("([0-9]+)M->[0-9]+M\\(");

  private static final Pattern FULL_COLLECTION = Pattern.compile("Pause Full.*->([0-9]+)M\\(");

  @TempDir Path folder;

  @Test
  void everyCombinationOfAsManyValuesAsAreKept() throws Exception {
    run("20 networks × 100 templates × 20 statuses", ALL_COMBINATIONS.formatted(20, 100, 20), 12);
  }

  @Test
  void everyCombinationOfNamesAsLongAsTheyMayBe() throws Exception {
    run(
        "20 networks × 100 templates of 1,000 characters × 20 statuses",
        ALL_COMBINATIONS
            .formatted(20, 100, 20)
            .replace("'template-' || t", "rpad('template-' || t, 1000, 'x')"),
        100);
  }

  @Test
  void twoHundredThousandTemplates() throws Exception {
    run(
        "200,000 templates",
        DISTINCT.formatted("'metis', 'template-' || i, 'success'", 200_000),
        40);
  }

  @Test
  void tenThousandTemplatesForEveryNumberOfDays() throws Exception {
    run(
        "10,000 templates on two networks",
        DISTINCT.formatted(
            "CASE i % 2 WHEN 0 THEN 'metis' ELSE 'hyperion' END, 'template-' || i / 2, 'success'",
            20_000),
        1);
  }

  @Test
  @Tag("soak")
  void everyCombinationForEveryNumberOfDays() throws Exception {
    run("20 networks × 100 templates × 20 statuses", ALL_COMBINATIONS.formatted(20, 100, 20), 1);
  }

  @Test
  @Tag("soak")
  void aMillionOfEverything() throws Exception {
    run(
        "1,000,000 networks, templates, statuses",
        DISTINCT.formatted("'network-' || i, 'template-' || i, 'status-' || i", 1_000_000),
        100);
  }

  /**
   * Refreshes, scrapes and asks, all within one interval; then scrapes while it refreshes all the
   * time.
   *
   * @param rows selects them
   * @param step from one number of days asked for to the next
   */
  private void run(String what, String rows, int step) throws Exception {
    try (TestDatabase database = TestDatabase.create().run("schema.sql")) {
      database.execute("INSERT INTO deployments " + rows);
      long longest;
      int answers;
      try (ExporterProcess exporter = start(database, "10m")) {
        ExporterClient client = exporter.client();
        longest = scrape(client);
        answers = ask(client, step);
        // With all the answers that are kept.
        scrape(client);
        assertThat(refreshes(client)).isEqualTo(1);
      }
      String asked = heap();
      try (ExporterProcess exporter = start(database, "100ms")) {
        ExporterClient client = exporter.client();
        while (refreshes(client) < 4) {
          scrape(client);
          ask(client, 366);
        }
      }
      System.out.printf(
          "%s: longest page %.1f MB, %d answers: %s; while refreshed: %s%n",
          what, longest / 1e6, answers, asked, heap());
    }
  }

  private ExporterProcess start(TestDatabase database, String interval) throws IOException {
    List<String> options =
        Stream.concat(
                Files.readAllLines(Path.of("image", "jvm.options")).stream()
                    .filter(line -> line.startsWith("-")),
                Stream.of("-XX:MaxRAM=256m", "-Xlog:gc:file=" + folder.resolve("gc.log")))
            .toList();
    ExporterProcess exporter =
        ExporterProcess.start(
            folder,
            options,
            TestDatabase.environmentFor(
                database.url(),
                "WINDOWS",
                "12h,14d,90d,366d",
                "REFRESH_INTERVAL",
                interval,
                "REFRESH_TIMEOUT",
                "10m",
                "STALENESS_LIMIT",
                "1h"));
    ExporterClient client = exporter.client();
    Await.until(
        exporter::log,
        Duration.ofMinutes(10),
        () -> !exporter.process().isAlive() || client.get("/-/ready").statusCode() == 200);
    return exporter;
  }

  private static double refreshes(ExporterClient client) {
    String name = "deployments_exporter_refresh_duration_seconds";
    return client.metrics(name).value(name + "_count").orElseThrow();
  }

  /** Each format by four at once, compressed and not; returns the bytes of the longest page. */
  private static long scrape(ExporterClient client) throws Exception {
    long longest = 0;
    for (String format : FORMATS) {
      for (String encoding : List.of("identity", "gzip")) {
        longest =
            Math.max(
                longest,
                atOnce(
                    client,
                    List.of("/metrics", "/metrics", "/metrics", "/metrics"),
                    "Accept",
                    format,
                    "Accept-Encoding",
                    encoding));
      }
    }
    return longest;
  }

  private static int ask(ExporterClient client, int step) throws Exception {
    int answers = 0;
    for (int days = 1; days <= 366; days += step) {
      List<String> questions =
          List.of(
              "/api/v1/network-split?days=" + days,
              "/api/v1/template-adoption?network=metis&days=" + days,
              "/api/v1/deployment-stats?network=metis&days=" + days,
              "/api/v1/active-projects?network=metis&days=" + days);
      atOnce(client, questions);
      answers += questions.size();
    }
    return answers;
  }

  private static long atOnce(ExporterClient client, List<String> paths, String... headers)
      throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(paths.size());
    try {
      List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
      paths.forEach(path -> answers.add(clients.submit(() -> client.bytes(path, headers))));
      long longest = 0;
      for (Future<HttpResponse<byte[]>> answer : answers) {
        assertThat(answer.get().statusCode()).isEqualTo(200);
        longest = Math.max(longest, answer.get().body().length);
      }
      return longest;
    } finally {
      clients.shutdownNow();
    }
  }

  private String heap() throws IOException {
    String log = Files.readString(folder.resolve("gc.log"));
    return "largest heap %d MB of 128, of which %d were live"
        .formatted(largest(log, ANY_COLLECTION), largest(log, FULL_COLLECTION));
  }

  private static int largest(String log, Pattern collection) {
    return collection
        .matcher(log)
        .results()
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .max()
        .orElse(0);
  }
}
