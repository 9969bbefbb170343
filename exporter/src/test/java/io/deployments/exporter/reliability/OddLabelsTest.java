package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.ProtobufExposition;
import io.deployments.exporter.testing.Row;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Label values as nobody would choose them: bounded, and the same on the other side. */
@Tag("scaled")
class OddLabelsTest {

  /** Accept header by name of the job that scrapes with it. */
  private static final Map<String, String> FORMATS =
      Map.of(
          "text",
          "text/plain;version=0.0.4",
          "openmetrics",
          "application/openmetrics-text;version=1.0.0",
          "protobuf",
          "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
              + "encoding=delimited");

  private static final List<String> KNOWN =
      List.of(
          "\"",
          "\\",
          "\n",
          "\\n",
          "\\\"",
          "a\\",
          "\"} 1\ndeployments_30d 5\n",
          "{a=\"b\"}",
          "#",
          "# EOF",
          " ",
          " a ",
          "\t",
          "\r",
          "\r\n",
          "\u0001",
          "\u007f",
          "\u0085",
          "\u2028",
          "\u202e",
          "\ufeff",
          "\ufffd",
          "\uffff",
          "é",
          "e\u0301",
          "🚀",
          "👩‍👩‍👧",
          "x".repeat(1_000),
          "\"\\\n".repeat(333),
          "🚀".repeat(1_000),
          "other",
          "unknown",
          "NaN",
          "0",
          "'",
          "''",
          "$1",
          "${x}",
          "{{ $labels.job }}",
          "<script>alert(1)</script>",
          "İ",
          "ı",
          "ß");

  @TempDir private Path folder;

  @Test
  void tenThousandTemplatesAreBounded() {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute(
          "INSERT INTO deployments SELECT 'p' || i, n, 'template-' || i, s"
              + " FROM generate_series(1, 10000) AS i, unnest(ARRAY['metis', 'hyperion']) AS n,"
              + " unnest(ARRAY['success', 'failed']) AS s");
      try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
        Exposition page = exporter.metrics();
        Map<List<String>, Double> counts =
            page.family("deployments_30d", "network", "template", "status");
        assertThat(counts).hasSize(2 * 101 * 2);
        assertThat(counts.values().stream().mapToDouble(count -> count).sum()).isEqualTo(40_000);
        assertThat(page.value("deployments_exporter_folded_values", "label", "template"))
            .contains(9_900.0);
        int bytes = exporter.get("/metrics").body().length();
        System.out.println(
            "10,000 templates: " + page.samples().size() + " series, " + bytes + " bytes");
        String complaints =
            InstalledProgram.orSkip("promtool")
                .runOn(exporter.get("/metrics").body(), "check", "metrics");
        // It has views on the names of other families, which are Micrometer's.
        assertThat(complaints).doesNotContain("deployments_", "error");
      }
    }
  }

  @Test
  void valuesOfAMillionCharactersAreFolded() {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      // An index on such values there can't be.
      postgres.execute(
          "ALTER TABLE deployments RENAME TO indexed; CREATE TABLE deployments (LIKE indexed)");
      postgres.execute(
          "INSERT INTO deployments SELECT 'p', repeat('n', 1000000), 't' || repeat(i::text, 1000000),"
              + " 'success', now() FROM generate_series(0, 9) AS i");
      try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
        String page = exporter.get("/metrics").body();
        assertThat(page)
            .contains(
                "deployments_30d{network=\"other\",status=\"success\",template=\"other\"} 10.0")
            .hasSizeLessThan(100_000);
        assertThat(exporter.metrics().family("deployments_exporter_folded_values", "label"))
            .containsEntry(List.of("network"), 1.0)
            .containsEntry(List.of("template"), 10.0)
            .containsEntry(List.of("status"), 0.0);
      }
    }
  }

  @Test
  void everyValueComesBackInEveryFormat() throws Exception {
    InstalledProgram prometheus = InstalledProgram.orSkip("prometheus");
    Fuzz fuzz = Fuzz.of("label values");
    int left = Fuzz.INPUTS;
    Set<String> first = new HashSet<>(KNOWN);
    while (left > 0) {
      int batch = Math.min(left, 1_000);
      left -= batch;
      Set<String> values = new HashSet<>(first);
      first = Set.of();
      while (values.size() < batch) {
        String value = fuzz.text();
        if (!value.isEmpty() && value.codePoints().count() <= 1_000) {
          values.add(value);
        }
      }
      assertComesBack(prometheus, values);
    }
    System.out.println(
        "Label values: " + Fuzz.INPUTS + " came back in each of " + FORMATS.keySet());
  }

  private void assertComesBack(InstalledProgram prometheus, Set<String> values) throws Exception {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      Instant now = Instant.now();
      postgres.execute(
          "INSERT INTO deployments VALUES "
              + values.stream()
                  .map(value -> new Row("p", "metis", value, "success", now).values())
                  .collect(Collectors.joining(", ")));
      try (RunningExporter exporter =
          RunningExporter.ready(
              postgres.settings("MAX_TEMPLATES", "10000", "REFRESH_INTERVAL", "1h"))) {
        assertThat(templates(Exposition.parse(page(exporter.client(), "text")).samples()))
            .isEqualTo(values);
        assertThat(templates(Exposition.parse(page(exporter.client(), "openmetrics")).samples()))
            .isEqualTo(values);
        assertThat(
                templates(
                    ProtobufExposition.parse(
                        exporter
                            .client()
                            .bytes("/metrics", "Accept", FORMATS.get("protobuf"))
                            .body())))
            .isEqualTo(values);
        Map<String, Set<String>> scraped = scraped(prometheus, exporter.client(), values.size());
        FORMATS
            .keySet()
            .forEach(format -> assertThat(scraped.get(format)).as(format).isEqualTo(values));
      }
    }
  }

  private static String page(ExporterClient client, String format) {
    return client.get("/metrics", "Accept", FORMATS.get(format)).body();
  }

  private static Set<String> templates(Map<Exposition.Series, Double> samples) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().name().equals("deployments_30d"))
        .filter(sample -> "success".equals(sample.getKey().labels().get("status")))
        .filter(sample -> "metis".equals(sample.getKey().labels().get("network")))
        .filter(sample -> sample.getValue() == 1)
        .map(sample -> sample.getKey().labels().get("template"))
        .collect(Collectors.toSet());
  }

  /** What a Prometheus knows that scraped each format, which it is given whatever it accepts. */
  private Map<String, Set<String>> scraped(
      InstalledProgram prometheus, ExporterClient client, int expected) throws IOException {
    HttpServer formats =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FORMATS.forEach(
        (name, accept) ->
            formats.createContext(
                "/" + name,
                exchange -> {
                  HttpResponse<byte[]> page = client.bytes("/metrics", "Accept", accept);
                  exchange
                      .getResponseHeaders()
                      .set("Content-Type", page.headers().firstValue("Content-Type").orElseThrow());
                  exchange.sendResponseHeaders(200, page.body().length);
                  exchange.getResponseBody().write(page.body());
                  exchange.close();
                }));
    formats.start();
    int port = InstalledProgram.freePort();
    Path data = Files.createTempDirectory(folder, "prometheus");
    Process process =
        prometheus.start(
            data.resolve("log"),
            "--config.file=" + configuration(data, formats.getAddress().getPort()),
            "--storage.tsdb.path=" + data.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port);
    try {
      ExporterClient server = new ExporterClient("http://127.0.0.1:" + port);
      String query =
          "/api/v1/query?query=deployments_30d%7Bstatus%3D%22success%22%2Cnetwork%3D%22metis%22%7D%3D%3D1";
      List<JsonNode> series = new ArrayList<>();
      Await.until(
          () -> series.size() + " series of " + 3 * expected,
          Duration.ofSeconds(60),
          () -> {
            series.clear();
            series.addAll(series(server, query));
            return series.size() >= 3 * expected;
          });
      return series.stream()
          .map(one -> one.get("metric"))
          .collect(
              Collectors.groupingBy(
                  metric -> metric.get("job").asText(),
                  Collectors.mapping(
                      metric -> metric.get("template").asText(), Collectors.toSet())));
    } finally {
      InstalledProgram.stop(process);
      formats.stop(0);
    }
  }

  private static List<JsonNode> series(ExporterClient server, String query) {
    List<JsonNode> result = new ArrayList<>();
    try {
      HttpResponse<byte[]> answer = server.bytes(query);
      if (answer.statusCode() == 200) {
        new ObjectMapper()
            .readTree(new String(answer.body(), StandardCharsets.UTF_8))
            .get("data")
            .get("result")
            .forEach(result::add);
      }
    } catch (IOException | UncheckedIOException e) {
      // It does not listen yet.
    }
    return result;
  }

  private static Path configuration(Path folder, int port) throws IOException {
    String jobs =
        FORMATS.keySet().stream()
            .map(
                format ->
                    """
                      - job_name: %s
                        metrics_path: /%s
                        static_configs:
                          - targets: ["127.0.0.1:%d"]
                    """
                        .formatted(format, format, port))
            .collect(Collectors.joining());
    return Files.writeString(
        folder.resolve("prometheus.yml"),
        "global:\n  scrape_interval: 5s\nscrape_configs:\n" + jobs);
  }
}
