package io.deployments.exporter.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Grafana's own alerts: the same as those of Prometheus, and of keys that Grafana reads. */
class GrafanaAlertsTest {

  private static final Path GRAFANA = Path.of("..", "grafana");
  private static final Path ALERTING = GRAFANA.resolve("provisioning/alerting");
  private static final Path EXAMPLE = GRAFANA.resolve("notifications.example.yml");

  /** A recorded series: level, metric and operation. */
  private static final Pattern RECORDED = Pattern.compile("\\w+:\\w+:\\w+");

  private static final Pattern COMPARISON =
      Pattern.compile(
          "(?<expression>.*?)\\s*(?<operator><=|>=|==|<|>)\\s*(?<threshold>[\\d.]+)",
          Pattern.DOTALL);

  private static final Map<String, String> EVALUATORS =
      Map.of("<", "lt", "<=", "lte", ">", "gt", ">=", "gte", "==", "eq");

  private static final Pattern VALUE = Pattern.compile("\\$values\\.(\\w+)");

  static List<GrafanaAlert> alerts() {
    return GrafanaAlert.all(ALERTING);
  }

  static List<Path> files() {
    return Stream.concat(Rule.files(ALERTING).stream(), Stream.of(EXAMPLE)).toList();
  }

  private static Map<String, Rule> rulesOfPrometheus() {
    return RulesTest.rules().stream().collect(Collectors.toMap(Rule::name, Function.identity()));
  }

  @Test
  void theAlertsAreThoseOfPrometheusInFilesOfTheSameNames() {
    assertThat(alerts())
        .extracting(GrafanaAlert::toString)
        .containsExactlyElementsOf(RulesTest.alerts().stream().map(Rule::toString).toList());
    assertThat(alerts()).extracting(alert -> alert.text("uid")).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertAsksWhatItsRuleAsks(GrafanaAlert alert) {
    Map<String, Rule> rules = rulesOfPrometheus();
    Matcher rule = COMPARISON.matcher(rules.get(alert.title()).expression());
    assertThat(rule.matches()).isTrue();
    assertThat(alert.queries())
        .extracting(query -> query.path("refId").asText())
        .startsWith("A", "B", "C");
    assertThat(alert.text("condition")).isEqualTo("C");
    assertThat(withoutSpaces(alert.model("A").path("expr").asText()))
        .isEqualTo(withoutSpaces(writtenOut(rule.group("expression"), rules)));
    assertThat(alert.model("B").path("type").asText()).isEqualTo("reduce");
    assertThat(alert.model("B").path("expression").asText()).isEqualTo("A");
    assertThat(alert.model("C").path("type").asText()).isEqualTo("threshold");
    assertThat(alert.model("C").path("expression").asText()).isEqualTo("B");
    JsonNode evaluator = alert.model("C").path("conditions").path(0).path("evaluator");
    assertThat(evaluator.path("type").asText()).isEqualTo(EVALUATORS.get(rule.group("operator")));
    assertThat(evaluator.path("params").path(0).asDouble())
        .isEqualTo(Double.parseDouble(rule.group("threshold")));
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertIsHeldAndLabelledAsItsRule(GrafanaAlert alert) {
    Rule rule = rulesOfPrometheus().get(alert.title());
    assertThat(alert.text("for")).isEqualTo(rule.text("for"));
    assertThat(alert.text("keepFiringFor")).isEqualTo(rule.text("keep_firing_for"));
    assertThat(alert.labels()).isEqualTo(rule.fields().get("labels"));
    assertThat(alert.annotation("runbook_url")).isEqualTo(rule.annotation("runbook_url"));
    String link =
        rule.annotation("dashboard_url").replace("http://localhost:3000/", "{{ externalURL }}");
    assertThat(alert.annotation("dashboard_url"))
        .isEqualTo(
            alert.text("noDataState").equals("OK")
                ? link
                // An alert that fires for want of data has no labels.
                : link.replace(
                    "?var-job={{ $labels.job | urlquery }}",
                    "{{ with $labels.job }}?var-job={{ . | urlquery }}{{ end }}"));
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertIsKeptAsLongWhenOneSeriesVanishesAsWhenAllDo(GrafanaAlert alert) {
    assertThat(
            duration(alert.group().path("interval").asText())
                .multipliedBy(alert.rule().path("missing_series_evals_to_resolve").asInt()))
        .isEqualTo(duration(alert.text("keepFiringFor")));
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void noDataIsBadNewsOfTheExporterOnly(GrafanaAlert alert) {
    boolean isAbsence = alert.title().equals("DeploymentExporterDown");
    assertThat(alert.text("noDataState"))
        .isEqualTo(
            isAbsence || alert.title().equals("DeploymentTelemetryStale") ? "Alerting" : "OK");
    assertThat(alert.text("execErrState")).isEqualTo(isAbsence ? "Alerting" : "KeepLast");
  }

  @Test
  void stalenessIsToldBeforeTheFiguresVanish() {
    GrafanaAlert alert =
        alerts().stream()
            .filter(one -> one.title().equals("DeploymentTelemetryStale"))
            .findFirst()
            .orElseThrow();
    Duration limit = Duration.ofMinutes(5);
    assertThat(
            limit
                .multipliedBy(6)
                .dividedBy(10)
                .plus(duration(alert.group().path("interval").asText()))
                .plus(duration(alert.text("for"))))
        .isLessThan(limit);
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void aQueryForTheTextsCountsASecondInstanceOnceAndNeedsNoRecordingRules(GrafanaAlert alert) {
    for (JsonNode query : alert.queries()) {
      String expression = query.path("model").path("expr").asText();
      assertThat(RECORDED.matcher(expression).find()).isFalse();
      RulesTest.assertThatInstancesCountOnce(expression);
    }
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void textsCarryFiguresOfQueriesThatAreThere(GrafanaAlert alert) {
    Set<String> queries =
        alert.queries().stream()
            .map(query -> query.path("refId").asText())
            .collect(Collectors.toSet());
    for (String name : List.of("summary", "description")) {
      Matcher value = VALUE.matcher(alert.annotation(name));
      while (value.find()) {
        assertThat(queries).contains(value.group(1));
      }
      // Grafana's $value is a text where a rule has several queries, and its query answers nothing.
      assertThat(alert.annotation(name)).doesNotContain("$value ", "$value }", "query ");
    }
    assertThat(alert.annotation("summary")).contains("$labels.");
    assertThat(alert.annotation("description")).contains("$values.");
    assertThat(alert.annotation("summary").contains("A resolution while"))
        .isEqualTo(
            rulesOfPrometheus()
                .get(alert.title())
                .annotation("summary")
                .contains("A resolution while"));
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertLinksToAPanelThatIsThere(GrafanaAlert alert) {
    String dashboard = alert.annotation("__dashboardUid__");
    JsonNode json = GrafanaAlert.read(GRAFANA.resolve("dashboards/" + dashboard + ".json"));
    assertThat(alert.annotation("dashboard_url")).contains("d/" + dashboard);
    assertThat(json.path("panels").valueStream())
        .filteredOn(panel -> panel.path("id").asText().equals(alert.annotation("__panelId__")))
        .extracting(panel -> panel.path("type").asText())
        .as("a graph, on which the alert's states are marked")
        .containsExactly("timeseries");
  }

  @ParameterizedTest
  @MethodSource("files")
  void grafanaReadsEveryKey(Path file) throws IOException {
    assertThat(problems(GrafanaAlert.read(file))).isEmpty();
  }

  @Test
  void aKeyThatGrafanaWouldIgnoreIsFound() throws IOException {
    JsonNode file = GrafanaAlert.read(ALERTING.resolve("success-rate.yml"));
    ObjectNode rule = (ObjectNode) file.path("groups").path(0).path("rules").path(0);
    rule.set("keep_firing_for", rule.remove("keepFiringFor"));
    assertThat(problems(file))
        .anyMatch(problem -> problem.getMessage().contains("'keep_firing_for'"));
  }

  /** Grafana warns of anything in there that is no file of its own, and looks into no folder. */
  @Test
  void nothingIsLoadedButRules() throws IOException {
    try (Stream<Path> entries = Files.list(ALERTING)) {
      assertThat(entries).allMatch(entry -> entry.toString().endsWith(".yml"));
    }
    assertThat(Rule.files(ALERTING))
        .allSatisfy(
            file ->
                assertThat(GrafanaAlert.read(file).fieldNames())
                    .toIterable()
                    .containsExactly("apiVersion", "groups"));
  }

  @Test
  void theExampleTakesItsAddressesFromTheEnvironment() {
    JsonNode example = GrafanaAlert.read(EXAMPLE);
    assertThat(example.path("contactPoints").path(0).path("receivers").valueStream())
        .extracting(
            receiver -> receiver.path("type").asText(),
            receiver -> receiver.path("settings").elements().next().asText())
        .containsExactly(
            tuple("webhook", "${ALERT_WEBHOOK_URL}"), tuple("email", "${ALERT_EMAIL_ADDRESSES}"));
    assertThat(example.path("policies").path(0).path("receiver"))
        .isEqualTo(example.path("contactPoints").path(0).path("name"));
  }

  /** The expression with every recorded series as what it is recorded from. */
  private static String writtenOut(String expression, Map<String, Rule> rules) {
    return RECORDED
        .matcher(expression)
        .replaceAll(
            name -> {
              String recorded = writtenOut(rules.get(name.group()).expression(), rules);
              return Matcher.quoteReplacement(
                  isOneAggregation(recorded) ? recorded : "(" + recorded + ")");
            });
  }

  /** Whether nothing is left of it but {@code sum by} without what is in parentheses. */
  private static boolean isOneAggregation(String expression) {
    String outside = expression;
    String before;
    do {
      before = outside;
      outside = outside.replaceAll("\\([^()]*\\)", "");
    } while (!outside.equals(before));
    return outside.strip().equals("sum by");
  }

  private static String withoutSpaces(String expression) {
    return expression.replaceAll("\\s+", "");
  }

  private static Duration duration(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  private static Set<ValidationMessage> problems(JsonNode file) throws IOException {
    try (InputStream schema =
        GrafanaAlertsTest.class.getResourceAsStream("/grafana/alerting.schema.json")) {
      JsonSchema keys =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
      return keys.validate(file);
    }
  }
}
