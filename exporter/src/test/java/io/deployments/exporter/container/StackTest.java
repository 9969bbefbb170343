package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.ContainerState;
import org.testcontainers.containers.wait.strategy.Wait;

/** The whole of docker-compose.yml in containers, the exporter's image built on the way. */
class StackTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration FIRST_START = Duration.ofMinutes(15);

  private static final int EXPORTER = InstalledProgram.freePort();
  private static final int PROMETHEUS = InstalledProgram.freePort();
  private static final int GRAFANA = InstalledProgram.freePort();

  private static ComposeContainer stack;

  @BeforeAll
  static void start() {
    boolean docker = DockerClientFactory.instance().isDockerAvailable();
    if (!docker) {
      System.out.println("Skipped: needs a running Docker, with docker compose");
    }
    Assumptions.assumeTrue(docker, "needs a running Docker, with docker compose");
    stack =
        new ComposeContainer(ComposeFile.FILE.toFile())
            .withBuild(true)
            .withEnv("REVISION", "tested")
            .withEnv("EXPORTER_PORT", EXPORTER + "")
            .withEnv("PROMETHEUS_PORT", PROMETHEUS + "")
            .withEnv("GRAFANA_PORT", GRAFANA + "")
            .waitingFor("grafana", Wait.forHealthcheck().withStartupTimeout(FIRST_START));
    stack.start();
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.stop();
    }
  }

  private static HttpResponse<String> get(int port, String path, String... header) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (header.length > 0) {
      request.headers(header);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String query(String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    return get(PROMETHEUS, "/api/v1/query?query=" + encoded).body();
  }

  @Test
  void theExporterPublishesFiguresAndItsBuild() {
    Await.until(
        () -> get(EXPORTER, "/-/ready").body(),
        Duration.ofMinutes(1),
        () -> get(EXPORTER, "/-/ready").statusCode() == 200);
    assertThat(get(EXPORTER, "/metrics").body())
        .containsPattern("deployments_30d\\{.*} [1-9]")
        .contains("revision=\"tested\"", "version=\"" + System.getProperty("exporter.version"));
  }

  @Test
  void theExporterIsNobodyAndWritesNowhere() throws IOException, InterruptedException {
    ContainerState exporter = stack.getContainerByServiceName("exporter").orElseThrow();
    assertThat(exporter.execInContainer("id", "-u").getStdout().strip()).isEqualTo("65534");
    assertThat(exporter.execInContainer("touch", "/app/new").getExitCode()).isNotZero();
    assertThat(exporter.execInContainer("touch", "/tmp/new").getExitCode()).isNotZero();
  }

  @Test
  void prometheusHasScrapedAndHasTheHistory() {
    String both = "sum(deployments_30d) and sum(deployments_30d offset 60d) > 1000";
    Await.until(
        () -> query(both), Duration.ofMinutes(2), () -> query(both).contains("\"value\":["));
    assertThat(query("count(count by (job, instance) (deployments_30d offset 60d))"))
        .contains(",\"1\"]");
    assertThat(get(PROMETHEUS, "/api/v1/rules").body()).contains("DeploymentSuccessRateLow");
  }

  @Test
  void grafanaHasItsDashboardsForThoseWhoLogIn() throws IOException {
    assertThat(get(GRAFANA, "/api/search?type=dash-db").statusCode()).isEqualTo(401);
    String password =
        Files.readString(ComposeFile.ROOT.resolve("compose/secrets/grafana-admin-password"));
    String credentials =
        Base64.getEncoder()
            .encodeToString(("admin:" + password.strip()).getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> found =
        get(GRAFANA, "/api/search?type=dash-db", "Authorization", "Basic " + credentials);
    assertThat(found.statusCode()).isEqualTo(200);
    try (Stream<Path> files = Files.list(ComposeFile.ROOT.resolve("grafana/dashboards"))) {
      List<String> uids =
          files.map(file -> file.getFileName().toString().replace(".json", "")).toList();
      assertThat(uids)
          .isNotEmpty()
          .allSatisfy(uid -> assertThat(found.body()).contains("\"uid\":\"" + uid + "\""));
    }
  }
}
