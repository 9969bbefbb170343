package io.deployments.exporter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployments.exporter.contract.Expression.Kind;
import io.deployments.exporter.dashboards.Dashboard;
import io.deployments.exporter.rules.GrafanaAlert;
import io.deployments.exporter.rules.Rule;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.GrafanaApi;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What has to be in a Grafana that was provisioned from this repository's folder. */
final class Provisioned {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of {@code grafana/provisioning/datasources}. */
  static final String DATA_SOURCE = "prometheus";

  private static final Path ALERTING = Path.of("..", "grafana", "provisioning", "alerting");

  private final List<Dashboard> dashboards = Dashboard.all();
  private final List<String> alerts =
      GrafanaAlert.all(ALERTING).stream().map(alert -> alert.text("uid")).toList();
  private final GrafanaApi grafana;

  Provisioned(GrafanaApi grafana) {
    this.grafana = grafana;
  }

  /** Every dashboard and alert rule, with everything that its file says. */
  void assertLoaded() {
    for (Dashboard dashboard : dashboards) {
      JsonNode loaded = grafana.get("/api/dashboards/uid/" + dashboard.uid());
      assertThat(loaded.at("/meta/provisioned").asBoolean()).as("%s", dashboard).isTrue();
      assertThat(missing(dashboard.toString(), dashboard.json(), loaded.path("dashboard")))
          .isEmpty();
    }
    Map<String, JsonNode> groups = new HashMap<>();
    exported("alert-rules", "groups")
        .forEach(group -> groups.put(group.path("name").asText(), group));
    for (Path file : Rule.files(ALERTING)) {
      for (JsonNode group : GrafanaAlert.read(file).path("groups")) {
        String name = group.path("name").asText();
        assertThat(missing(name, group, groups.get(name))).isEmpty();
      }
    }
    assertThat(
            grafana.get("/api/datasources/uid/" + DATA_SOURCE + "/health").path("status").asText())
        .isEqualTo("OK");
  }

  /**
   * The contact point, mute times and policies of a file, with everything that it says.
   *
   * @param file without references to the environment
   */
  void assertNotifies(Path file) {
    JsonNode example = GrafanaAlert.read(file);
    List<JsonNode> receivers = new ArrayList<>();
    exported("contact-points", "contactPoints")
        .forEach(point -> point.path("receivers").forEach(receivers::add));
    // In the order of their identifiers.
    for (JsonNode receiver : example.path("contactPoints").path(0).path("receivers")) {
      assertThat(receivers)
          .as("receivers")
          .anySatisfy(loaded -> assertThat(missing("receiver", receiver, loaded)).isEmpty());
    }
    assertThat(
            missing("mute times", example.path("muteTimes"), exported("mute-timings", "muteTimes")))
        .isEmpty();
    assertThat(missing("policies", example.path("policies"), exported("policies", "policies")))
        .isEmpty();
  }

  /** What Grafana would write into a file to have it loaded again. */
  private JsonNode exported(String what, String list) {
    return grafana.get("/api/v1/provisioning/" + what + "/export?format=json").path(list);
  }

  /** What a file says and Grafana doesn't have, or has otherwise; it may have more. */
  private static List<String> missing(String place, JsonNode file, JsonNode loaded) {
    if (file.isObject()) {
      return file.properties().stream()
          .flatMap(
              field ->
                  missing(
                      place + "/" + field.getKey(), field.getValue(), loaded.path(field.getKey()))
                      .stream())
          .toList();
    }
    if (file.isArray() && file.size() == loaded.size()) {
      return IntStream.range(0, file.size())
          .boxed()
          .flatMap(i -> missing(place + "/" + i, file.get(i), loaded.get(i)).stream())
          .toList();
    }
    return file.isValueNode() && file.asText().equals(loaded.asText())
        ? List.of()
        : List.of(place + " is " + file + " in the file, and in Grafana " + loaded);
  }

  /** Every alert rule has been evaluated, no evaluation failed, and its texts have figures. */
  void awaitEvaluated() {
    Await.untilAsserted(
        Duration.ofMinutes(3),
        () -> {
          List<JsonNode> rules = new ArrayList<>();
          JsonNode groups = grafana.get("/api/prometheus/grafana/api/v1/rules").at("/data/groups");
          groups.forEach(
              group ->
                  group
                      .path("rules")
                      .valueStream()
                      .filter(rule -> alerts.contains(rule.path("uid").asText()))
                      .forEach(rules::add));
          assertThat(rules).hasSameSizeAs(alerts);
          assertThat(rules)
              .allSatisfy(
                  rule -> {
                    assertThat(rule.path("lastEvaluation").asText()).doesNotStartWith("0001");
                    assertThat(rule.path("health").asText()).isEqualTo("ok");
                    assertThat(rule.path("lastError").asText()).isEmpty();
                    assertThat(rule.path("alerts")).isNotEmpty();
                    rule.path("alerts").forEach(Provisioned::assertWhole);
                  });
        });
  }

  /** The annotations of an alert, firing or not, after its templates were filled in. */
  private static void assertWhole(JsonNode alert) {
    assertThat(alert.path("annotations").path("summary").asText()).isNotEmpty();
    assertThat(alert.path("annotations"))
        .allSatisfy(
            text ->
                assertThat(text.asText()).doesNotContain("{{", "<no value>", "[no value]", "%!"));
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

  /** What a panel asks is answered with figures, as soon as there is a multiple of its step. */
  void awaitFigures(Expression expression, Variables variables, Duration dashboardRange) {
    Await.untilAsserted(
        Duration.ofMinutes(3),
        () -> {
          JsonNode answer = ask(expression, variables, dashboardRange);
          // Nothing need be over a limit.
          boolean compares =
              !PromQl.withoutLastComparison(expression.text()).equals(expression.text());
          if (!compares) {
            assertThat(answer.path("frames").findValues("values"))
                .as("%s%n  with %s", expression, variables.values())
                .anyMatch(values -> values.path(0).size() > 0);
          }
        });
  }

  /**
   * What Grafana answers a panel.
   *
   * @throws AssertionError if that is an error
   */
  JsonNode ask(Expression expression, Variables variables, Duration dashboardRange) {
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
    return answer;
  }
}
