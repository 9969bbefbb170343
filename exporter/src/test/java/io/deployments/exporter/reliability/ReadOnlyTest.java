package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever the exporter is told, by its settings or its clients, it changes nothing. */
class ReadOnlyTest {

  private TestDatabase postgres;

  @BeforeEach
  void createTable() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
  }

  @AfterEach
  void drop() {
    assertThat(postgres.query("SELECT count(*) FROM deployments"))
        .as("one row, as before")
        .isEqualTo(List.of(List.of("1")));
    postgres.close();
  }

  @Test
  void evenASuperuserWritesNothing() {
    // A view may do anything that its reader may: this one writes a row whenever it is read.
    postgres.execute(
        """
        CREATE FUNCTION write() RETURNS boolean LANGUAGE sql VOLATILE AS
          'INSERT INTO deployments VALUES (''q'', ''metis'', ''erc20'', ''success'') RETURNING true';
        CREATE VIEW tempting AS SELECT * FROM deployments WHERE write();
        """);
    try (RunningExporter exporter =
        RunningExporter.start(
            postgres.settings("DEPLOYMENTS_TABLE", "tempting"), InstantSource.system())) {
      ExporterClient client = exporter.client();
      Await.until(() -> "refused", Duration.ofMinutes(2), () -> client.failures("query") > 0);
      assertThat(client.get("/api/v1/active-projects?network=metis&days=29").statusCode())
          .isEqualTo(503);
    }
  }

  @Test
  void theNameOfTheTableIsOnlyAName() {
    String name = "d\"; DROP TABLE deployments; --";
    String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
    postgres.execute("CREATE VIEW " + quoted + " AS SELECT * FROM deployments");
    try (RunningExporter exporter =
        RunningExporter.ready(postgres.settings("DEPLOYMENTS_TABLE", quoted))) {
      assertThat(exporter.metrics().value("deployments_active_projects_any_network_1h"))
          .contains(1.0);
    }
  }

  @Test
  void whatClientsAskIsOnlyText() {
    try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
      for (String network :
          List.of("metis'; DROP TABLE deployments; --", "' OR ''='", "\\'; --", "metis\u0000")) {
        for (String days : List.of("30", "29")) {
          String path =
              "/api/v1/deployment-stats?network="
                  + URLEncoder.encode(network, StandardCharsets.UTF_8)
                  + "&days="
                  + days;
          assertThat(exporter.get(path).statusCode()).as(path).isEqualTo(404);
        }
      }
      assertThat(
              exporter
                  .get("/api/v1/active-projects?network=metis&days=29%3B%20DROP%20TABLE%20x")
                  .statusCode())
          .isEqualTo(400);
    }
  }
}
