package io.deployments.exporter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployments.exporter.contract.Expression.Kind;
import io.deployments.exporter.dashboards.Dashboard;
import io.deployments.exporter.rules.GrafanaAlert;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.GrafanaApi;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What has to be in a Grafana that was provisioned from this repository's folder. */
final class Provisioned {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of {@code grafana/provisioning/datasources}. */
  private static final String DATA_SOURCE = "prometheus";

  private final List<Dashboard> dashboards = Dashboard.all();
  private final List<String> alerts =
      GrafanaAlert.all(Path.of("..", "grafana", "provisioning", "alerting")).stream()
          .map(alert -> alert.text("uid"))
          .toList();
  private final GrafanaApi grafana;

  Provisioned(GrafanaApi grafana) {
    this.grafana = grafana;
  }

  /** Every dashboard and alert rule, from the files. */
  void assertLoaded() {
    for (Dashboard dashboard : dashboards) {
      JsonNode loaded = grafana.get("/api/dashboards/uid/" + dashboard.uid());
      assertThat(loaded.at("/meta/provisioned").asBoolean()).as("%s", dashboard).isTrue();
      assertThat(loaded.at("/dashboard/panels").size())
          .as("panels of %s", dashboard)
          .isEqualTo(dashboard.json().path("panels").size());
    }
    assertThat(grafana.get("/api/v1/provisioning/alert-rules").findValuesAsText("uid"))
        .containsAll(alerts);
    assertThat(
            grafana.get("/api/datasources/uid/" + DATA_SOURCE + "/health").path("status").asText())
        .isEqualTo("OK");
  }

  /** Every alert rule has been evaluated, and no evaluation failed. */
  void awaitEvaluated() {
    Await.untilAsserted(
        Duration.ofMinutes(3),
        () -> {
          List<JsonNode> rules = new ArrayList<>();
          JsonNode groups = grafana.get("/api/prometheus/grafana/api/v1/rules").at("/data/groups");
          groups.forEach(group -> group.path("rules").forEach(rules::add));
          assertThat(rules).hasSizeGreaterThanOrEqualTo(alerts.size());
          assertThat(rules)
              .allSatisfy(
                  rule -> {
                    assertThat(rule.path("lastEvaluation").asText()).doesNotStartWith("0001");
                    assertThat(rule.path("health").asText()).isEqualTo("ok");
                    assertThat(rule.path("lastError").asText()).isEmpty();
                  });
        });
  }

  /** No line of the log complains about something of this repository. */
  void assertNoComplaint(List<String> log) {
    List<String> ours =
        Stream.concat(
                Stream.of("grafana/dashboards", "grafana/provisioning", "deployments.yml"),
                Stream.concat(dashboards.stream().map(Dashboard::uid), alerts.stream()))
            .toList();
    assertThat(log)
        .as("lines of the log")
        .filteredOn(line -> line.matches(".*\\b(level|lvl)=(warn|error|eror|crit).*"))
        .filteredOn(line -> ours.stream().anyMatch(line.toLowerCase(Locale.ROOT)::contains))
        .isEmpty();
  }

  /** What a panel asks is answered, as soon as there is a point at a multiple of its step. */
  void awaitAnswer(Expression expression, Variables variables, Duration dashboardRange) {
    Await.untilAsserted(
        Duration.ofMinutes(3), () -> assertAnswer(expression, variables, dashboardRange));
  }

  private void assertAnswer(Expression expression, Variables variables, Duration dashboardRange) {
    // Short, for what has only been scraped since this test began; only bars go further back.
    boolean bars = expression.step().filter(length -> length.toHours() >= 1).isPresent();
    Duration range = bars ? dashboardRange : Duration.ofMinutes(5);
    Duration step = expression.step().orElse(Duration.ofSeconds(15));
    String text = variables.in(expression.text(), step, range);
    Instant now = Instant.now();
    ObjectNode request = JSON.createObjectNode();
    request.put("from", String.valueOf(now.minus(range).toEpochMilli()));
    request.put("to", String.valueOf(now.toEpochMilli()));
    ObjectNode query = request.putArray("queries").addObject();
    query.put("refId", "A").putObject("datasource").put("uid", DATA_SOURCE);
    query.put("expr", text);
    query.put("instant", expression.kind() != Kind.RANGE);
    query.put("range", expression.kind() == Kind.RANGE);
    query.put("intervalMs", step.toMillis()).put("maxDataPoints", 1000);
    JsonNode answer = grafana.post("/api/ds/query", request).at("/results/A");
    assertThat(answer.path("error").asText()).as("%s%n  asked as %s", expression, text).isEmpty();
    boolean compares = !PromQl.withoutLastComparison(text).equals(text);
    if (!compares) {
      assertThat(answer.path("frames").findValues("values"))
          .as("%s%n  asked as %s", expression, text)
          .anyMatch(values -> values.path(0).size() > 0);
    }
  }
}
