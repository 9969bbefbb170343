package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole of docker-compose.yml in containers, the exporter's image built on the way. */
class StackTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static Stack stack;

  @BeforeAll
  static void start() {
    Stack.orSkip();
    // More days than the query below looks back.
    stack = new Stack("whole", Map.of("HISTORY_DAYS", "65"));
    stack.must("up", "--build", "--detach");
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  private static String query(String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    return stack.page("prometheus", 9090, "/api/v1/query?query=" + encoded);
  }

  @Test
  void theExporterPublishesFiguresAndItsBuild() {
    Await.until(
        () -> stack.must("logs", "exporter"),
        PATIENCE,
        () -> !stack.page("exporter", 9079, "/-/ready").isEmpty());
    assertThat(stack.page("exporter", 9079, "/metrics"))
        .containsPattern("deployments_30d\\{.*} [1-9]")
        .contains("revision=\"tested\"", "version=\"" + System.getProperty("exporter.version"));
    assertThat(stack.must("logs", "exporter")).doesNotContain("plain text");
  }

  @Test
  void theExporterIsNobodyAndWritesNowhere() {
    assertThat(stack.must("exec", "-T", "exporter", "id", "-u").strip()).isEqualTo("65534");
    for (String file : List.of("/app/new", "/tmp/new")) {
      assertThat(stack.compose("exec", "-T", "exporter", "touch", file).status()).isNotZero();
    }
  }

  @Test
  void prometheusHasScrapedAndHasTheHistoryAfterASecondStartToo() {
    assertHistoryAndLiveSamples();

    stack.must("down");
    stack.must("up", "--detach");

    assertThat(stack.must("logs", "history-files")).contains("no history is written");
    assertThat(stack.must("logs", "history")).contains("no history is loaded");
    assertHistoryAndLiveSamples();
  }

  private static void assertHistoryAndLiveSamples() {
    String both = "sum(deployments_30d) and sum(deployments_30d offset 60d) > 1000";
    Await.until(() -> query(both), PATIENCE, () -> query(both).contains("\"value\":["));
    assertThat(query("count(count by (job, instance) (deployments_30d offset 60d))"))
        .contains(",\"1\"]");
    assertThat(stack.page("prometheus", 9090, "/api/v1/rules"))
        .contains("DeploymentSuccessRateLow");
  }

  @Test
  void grafanaHasItsDashboardsForThoseWhoLogIn() throws IOException {
    Await.until(
        () -> stack.must("logs", "grafana"),
        PATIENCE,
        () -> !stack.page("grafana", 3000, "/api/health").isEmpty());
    if (stack.page("grafana", 3000, "/api/health").contains("stub")) {
      System.out.println("Skipped: grafana/grafana is a stand-in here, and not Grafana");
      Assumptions.abort("grafana/grafana is a stand-in here, and not Grafana");
    }
    assertThat(stack.page("grafana", 3000, "/api/search?type=dash-db")).isEmpty();
    String password =
        Files.readString(ComposeFile.ROOT.resolve("compose/secrets/grafana-admin-password"));
    String credentials =
        Base64.getEncoder()
            .encodeToString(("admin:" + password.strip()).getBytes(StandardCharsets.UTF_8));
    String header = "--header=Authorization: Basic " + credentials;
    try (Stream<Path> files = Files.list(ComposeFile.ROOT.resolve("grafana/dashboards"))) {
      List<String> uids =
          files.map(file -> file.getFileName().toString().replace(".json", "")).toList();
      assertThat(uids).isNotEmpty();
      // It answers before it has found them.
      Await.until(
          () -> stack.must("logs", "grafana"),
          PATIENCE,
          () -> {
            String found = stack.page("grafana", 3000, "/api/search?type=dash-db", header);
            return uids.stream().allMatch(uid -> found.contains("\"uid\":\"" + uid + "\""));
          });
    }
    assertThat(stack.page("grafana", 3000, "/api/dashboards/home", header))
        .contains("deployments-overview");
  }
}
