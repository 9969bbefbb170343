package io.deployments.exporter.contract;

import static io.deployments.exporter.contract.DashboardExpressions.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deployments.exporter.contract.Expression.Kind;
import io.deployments.exporter.dashboards.Dashboard;
import io.deployments.exporter.rules.GrafanaAlert;
import io.deployments.exporter.rules.Rule;
import io.deployments.exporter.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every expression of dashboards, rules, alerts and documentation is answered with figures by a
 * real Prometheus, over a real PostgreSQL.
 */
@Tag("expressions")
class ContractTest {

  private static final Path RULES = Path.of("..", "prometheus", "rules");
  private static final Path OVERVIEW =
      Path.of("..", "grafana", "dashboards", "deployments-overview.json");
  private static final Path ALERTING = Path.of("..", "grafana", "provisioning", "alerting");
  private static final Variables NONE = new Variables(Map.of());
  private static final Duration NO_GRAPH = Duration.ofHours(1);

  @TempDir private static Path folder;
  private static ScrapedDemo demo;
  private static Contract contract;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    demo = ScrapedDemo.start(folder);
    contract = new Contract(demo.prometheus());
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> dashboards() {
    return Dashboard.all().stream().flatMap(ContractTest::tests);
  }

  private static Stream<DynamicTest> tests(Dashboard dashboard) {
    List<Variables> choices = Variables.choices(dashboard, demo.prometheus());
    return DashboardExpressions.of(dashboard).stream()
        .map(
            expression ->
                DynamicTest.dynamicTest(
                    expression.file() + ", " + expression.place(),
                    () -> choices.forEach(c -> check(expression, c, range(dashboard)))));
  }

  @TestFactory
  Stream<DynamicTest> rules() {
    return Rule.all(RULES).stream()
        .map(
            rule ->
                Expression.of(
                    rule.file(),
                    "rule '" + rule.name() + "'",
                    rule.expression(),
                    rule.isAlert() ? Kind.ALERT : Kind.INSTANT))
        .map(ContractTest::test);
  }

  @TestFactory
  Stream<DynamicTest> grafanaAlerts() {
    return GrafanaAlert.all(ALERTING).stream().flatMap(ContractTest::tests);
  }

  private static Stream<DynamicTest> tests(GrafanaAlert alert) {
    return alert.queries().stream()
        .filter(query -> query.path("model").has("expr"))
        .map(
            query ->
                Expression.of(
                    "alerting/" + alert.file(),
                    "alert '%s' (%s)".formatted(alert.title(), query.path("refId").asText()),
                    query.path("model").path("expr").asText(),
                    Kind.ALERT))
        .map(ContractTest::test);
  }

  @TestFactory
  Stream<DynamicTest> documents() {
    return Stream.of("promql.md", "runbooks", "operations.md", "../README.md")
        .flatMap(name -> Documents.queries(Path.of("..", "docs", name)).stream())
        .map(query -> test(query.expression(), query.range().orElse(NO_GRAPH)));
  }

  private static DynamicTest test(Expression expression) {
    return test(expression, NO_GRAPH);
  }

  private static DynamicTest test(Expression expression, Duration range) {
    return DynamicTest.dynamicTest(
        expression.file() + ", " + expression.place(), () -> check(expression, NONE, range));
  }

  /** After a scrape that took too long there is nothing to answer with until the next. */
  private static void check(Expression expression, Variables variables, Duration range) {
    Await.untilAsserted(Duration.ofSeconds(10), () -> contract.check(expression, variables, range));
  }

  @Test
  void prometheusEvaluatesEveryRule() {
    assertThat(demo.prometheus().get("rules").findValues("lastError")).isEmpty();
    assertThat(demo.prometheus().get("rules").findValuesAsText("health")).containsOnly("ok");
  }

  @TestFactory
  Stream<DynamicTest> headlinePanelsSayWhatSqlSays() {
    Dashboard overview = Dashboard.read(OVERVIEW);
    List<Variables> choices = Variables.choices(overview, demo.prometheus());
    return Headlines.SQL.keySet().stream()
        .map(
            place ->
                DynamicTest.dynamicTest(
                    place,
                    () ->
                        choices.stream()
                            .filter(c -> c.values().get("template").equals(".*"))
                            .forEach(c -> compare(DashboardExpressions.at(overview, place), c))));
  }

  /** Again and again, because rows leave the windows meanwhile. */
  private static void compare(Expression expression, Variables variables) {
    String window = variables.values().get("window");
    String sql = Headlines.SQL.get(expression.place());
    Await.untilAsserted(
        Duration.ofSeconds(20),
        () ->
            assertThat(Headlines.asked(demo.prometheus(), expression, variables))
                .as("%s over %s", expression, window)
                .isEqualTo(Headlines.counted(demo.database(), sql, window)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deployments_active_projects_any   | deployments_running_projects_any | There is no metric",
        "deployments_active_projects_any   | deployments_active-projects_any  | There is no metric",
        "max by (job)                      | max by (job                      | parse error",
        "{job=\"$job\"}                    | {job=\"$jobs\"}                   | $jobs",
        "{job=\"$job\"}                    | {job=\"$job\", network=\"mars\"}   | is empty",
        "{job=\"$job\"}                    | {job=\"$job\"} * 0 / 0            | Is NaN",
      })
  void aBrokenPanelIsNamed(String from, String to, String problem) throws IOException {
    String place = "panel 'Active projects' (A)";
    String text = DashboardExpressions.at(Dashboard.read(OVERVIEW), place).text();
    String content = Files.readString(OVERVIEW);
    String quoted = new ObjectMapper().writeValueAsString(text);
    assertThat(content).contains(quoted);
    assertThat(text).contains(from);
    Path copy = folder.resolve("broken.json");
    Files.writeString(
        copy,
        content.replace(quoted, new ObjectMapper().writeValueAsString(text.replace(from, to))));

    Dashboard broken = Dashboard.read(copy);
    Expression expression = DashboardExpressions.at(broken, place);
    Variables variables = Variables.choices(broken, demo.prometheus()).get(0);
    assertThatThrownBy(() -> contract.check(expression, variables, range(broken)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("broken.json, " + place + ": " + expression.text())
        .hasMessageContaining(problem);
  }
}
