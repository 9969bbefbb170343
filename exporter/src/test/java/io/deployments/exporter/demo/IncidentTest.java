package io.deployments.exporter.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.rules.Rule;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.PrometheusApi;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's incident, from its beginning to its end, with minutes shortened to seconds. */
class IncidentTest {

  /** There are others before the first scrape. */
  private static final String OF_A_NETWORK = "ALERTS{network!=\"\"}";

  private static final String CRITICAL =
      "ALERTS{alertname=\"DeploymentSuccessRateCritical\", alertstate=\"firing\"}";

  @TempDir private Path folder;

  @Test
  void theNetworkOfAnIncidentIsTheOnlyOneThatAlerts()
      throws IOException, InterruptedException, SQLException {
    Path program = DemoPrometheus.programOrSkip();
    Path rules = Files.createDirectory(folder.resolve("rules"));
    for (Path file : Rule.files(Repository.path("prometheus/rules"))) {
      Files.writeString(
          rules.resolve(file.getFileName()),
          Files.readString(file).replaceAll("(?<key>for: )[0-9]+[mh]", "${key}1s"));
    }
    try (DemoDatabase database = DemoDatabase.start(Duration.ofMillis(500));
        RunningExporter exporter = RunningExporter.ready(TestDatabase.settingsFor(database.url()));
        DemoPrometheus server =
            DemoPrometheus.start(
                program,
                folder,
                DemoPrometheus.configuration(rules, "127.0.0.1:" + exporter.uri("/").getPort())
                    .replace("_interval: 15s", "_interval: 1s"),
                InstalledProgram.freePort())) {
      PrometheusApi prometheus = new PrometheusApi(server.address());
      await(
          "rates",
          () -> !answer(prometheus, "job_network:deployments_success:ratio_24h").isEmpty());
      assertThat(answer(prometheus, OF_A_NETWORK)).isEmpty();

      database.switchIncident("metis");
      await("an alert", () -> !answer(prometheus, CRITICAL).isEmpty());

      database.switchIncident("off");
      await("an end", () -> answer(prometheus, OF_A_NETWORK).isEmpty());
      assertThat(
              answer(prometheus, "count by (network) (count_over_time(" + OF_A_NETWORK + "[1h]))"))
          .as("networks that had an alert")
          .singleElement()
          .satisfies(series -> assertThat(series.labels()).containsEntry("network", "metis"));
    }
  }

  private static List<PrometheusApi.Series> answer(PrometheusApi prometheus, String expression) {
    return prometheus.instant(expression, Instant.now());
  }

  private static void await(String what, BooleanSupplier holds) {
    Await.until(() -> what, Duration.ofSeconds(90), holds);
  }
}
