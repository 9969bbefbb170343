package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPageTest {

  private static final String ODD = "say \"hi\" \\ to\nall 🚀";

  private static TestDatabase postgres;
  private static RunningExporter exporter;

  @BeforeAll
  static void start() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', '" + ODD + "', 'success')");
    exporter = RunningExporter.ready(postgres.settings());
  }

  @AfterAll
  static void stop() {
    exporter.close();
    postgres.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain;version=0.0.4|text/plain; version=0.0.4; charset=utf-8",
        "*/*|text/plain; version=0.0.4; charset=utf-8",
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
            + "|application/openmetrics-text; version=1.0.0; charset=utf-8",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
            + "|application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
            + " encoding=delimited",
        // What Prometheus 3 sends.
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
            + ";q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
            + "text/plain;version=0.0.4;q=0.2"
            + "|application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
            + " encoding=delimited",
        "complete nonsense|text/plain; version=0.0.4; charset=utf-8",
        "\"|text/plain; version=0.0.4; charset=utf-8",
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.9"
            + "|text/plain; version=0.0.4; charset=utf-8",
        "text/plain;q=0.2, Application/OpenMetrics-Text; version=1.0.0; q=0.3"
            + "|application/openmetrics-text; version=1.0.0; charset=utf-8",
        "application/openmetrics-text;q=0|text/plain; version=0.0.4; charset=utf-8",
        "image/png, application/openmetrics-text;q=0.1"
            + "|application/openmetrics-text; version=1.0.0; charset=utf-8",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text"
            + "|text/plain; version=0.0.4; charset=utf-8",
      })
  void theFormatIsWhatTheClientAccepts(String accept, String contentType) {
    HttpResponse<String> response = exporter.get("/metrics", "Accept", accept);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(contentType);
    assertThat(response.body()).contains("deployments_active_projects_any_network_30d");
  }

  @Test
  void openMetricsEndsAsItMust() {
    assertThat(exporter.get("/metrics", "Accept", "application/openmetrics-text").body())
        .endsWith("# EOF\n");
  }

  @Test
  void aLabelValueComesBackAsItWas() {
    assertThat(
            exporter
                .metrics()
                .value("deployments_1h", "network", "metis", "template", ODD, "status", "success"))
        .contains(1.0);
  }

  private static HttpResponse<byte[]> bytes(String method, String acceptEncoding)
      throws IOException, InterruptedException {
    return bytes(method, "/metrics", acceptEncoding);
  }

  private static HttpResponse<byte[]> bytes(String method, String path, String acceptEncoding)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(exporter.uri(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept-Encoding", acceptEncoding)
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "deflate, gzip;q=0.5", "x-gzip", "identity;q=0.5, gzip"})
  void gzipIsServedToThoseWhoAcceptIt(String accepted) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = bytes("GET", accepted);
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (var page = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      Exposition exposition =
          Exposition.parse(new String(page.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(exposition.value("deployments_active_projects_any_network_30d")).contains(1.0);
    }
  }

  @Test
  void aCompressedChoiceOfFamiliesIsTheSameAsAPlainOne() throws IOException, InterruptedException {
    String choice = "/metrics?name%5B%5D=deployments_1h&name%5B%5D=jvm_info";
    byte[] compressed = bytes("GET", choice, "gzip").body();
    byte[] plain = bytes("GET", choice, "identity").body();
    assertThat(compressed).hasSizeLessThan(plain.length / 2);
    try (var page = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      assertThat(page.readAllBytes()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip;q=0", "gzip;q=0.2, identity", "br", "\""})
  void othersGetThePageAsItIs(String accepted) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = bytes("GET", accepted);
    assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).startsWith("# HELP ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "identity"})
  void headGetsTheHeadersAlone(String accepted) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = bytes("HEAD", accepted);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValueAsLong("Content-Length").orElseThrow())
        .isGreaterThan(1000);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deployments_24h|deployments_24h",
        "deployments_exporter_refresh_failures_total|deployments_exporter_refresh_failures_total",
        "deployments_exporter_refresh_failures|deployments_exporter_refresh_failures_total",
        "deployments_exporter_refresh_duration_seconds_bucket"
            + "|deployments_exporter_refresh_duration_seconds",
        // Begin with other families' names.
        "hikaricp_connections_max|hikaricp_connections_max",
        "jvm_threads_live_threads|jvm_threads_live_threads",
        "jvm_info|jvm_info",
        "deployments_24hours|",
        "deployments|",
        "''|",
      })
  void aFamilyCanBeChosen(String name, @Nullable String family) {
    assertThat(families("name[]=" + name)).isEqualTo(family == null ? List.of() : List.of(family));
  }

  @Test
  void severalFamiliesCanBeChosen() {
    assertThat(families("name[]=deployments_24h&name[]=jvm_info&x=y"))
        .containsExactlyInAnyOrder("deployments_24h", "jvm_info");
    assertThat(
            exporter
                .get("/metrics?name%5B%5D=no_such", "Accept", "application/openmetrics-text")
                .body())
        .isEqualTo("# EOF\n");
  }

  private static List<String> families(String query) {
    String encoded = query.replace("[]", "%5B%5D");
    return Exposition.parse(exporter.get("/metrics?" + encoded).body()).families();
  }

  @Test
  void nothingIsCalledUp() {
    assertThat(exporter.metrics().families()).doesNotContain("up");
  }
}
