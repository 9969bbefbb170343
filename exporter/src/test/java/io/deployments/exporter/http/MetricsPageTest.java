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
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void gzipIsServedToThoseWhoAcceptIt() throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(exporter.uri("/metrics"))
                    .header("Accept-Encoding", "gzip")
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (var page = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      Exposition exposition =
          Exposition.parse(new String(page.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(exposition.value("deployments_active_projects_any_network_30d")).contains(1.0);
    }
  }

  @Test
  void namesCanBeChosen() {
    Exposition page =
        Exposition.parse(
            exporter
                .get(
                    "/metrics?name%5B%5D=deployments_24h"
                        + "&name%5B%5D=deployments_exporter_refresh_failures_total")
                .body());
    assertThat(page.families())
        .containsExactly("deployments_24h", "deployments_exporter_refresh_failures_total");
  }

  @Test
  void nothingIsCalledUp() {
    assertThat(exporter.metrics().families()).doesNotContain("up");
  }
}
