package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password is nowhere to be seen, however much is logged and whatever fails. */
class SecretsTest {

  private static final String SECRET = "tiger-s3cret";

  private static final List<String> PATHS =
      List.of(
          "/",
          "/metrics",
          "/-/ready",
          "/openapi.json",
          "/api/v1/active-projects?network=metis&days=29",
          "/api/v1/active-projects?network=metis&days=many",
          "/api/v1/network-split",
          "/nothing");

  @TempDir private Path folder;

  @Test
  void aPasswordShowsNeitherWhenAllIsWellNorWhenItIsNot() {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      String url = "postgresql://postgres:" + SECRET + "@127.0.0.1:" + postgres.port() + "/";
      assertHidden(url + postgres.name(), "/-/ready", 200);
      assertHidden(url + "no_such_database", "/-/ready", 503);
      postgres.execute("DROP TABLE deployments");
      assertHidden(url + postgres.name(), "/-/ready", 503);
    }
  }

  private void assertHidden(String url, String path, int status) {
    try (ExporterProcess exporter =
        ExporterProcess.start(
            folder,
            List.of(),
            TestDatabase.environmentFor(
                url,
                "DATABASE_PASSWORD",
                SECRET,
                "LOG_LEVEL",
                "trace",
                "REFRESH_INTERVAL",
                "1s"))) {
      ExporterClient client = exporter.client();
      Await.until(
          () -> path + " is " + status + ", but: " + exporter.log(),
          Duration.ofMinutes(2),
          () -> client.get(path).statusCode() == status);
      for (String page : PATHS) {
        assertThat(client.get(page).body()).as(page).doesNotContain(SECRET);
      }
      assertThat(exporter.log()).contains("DEBUG").doesNotContain(SECRET);
    }
  }
}
