package io.deployments.exporter.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.InstalledProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of {@code prometheus/}: valid, tested, and each alert with all a reader needs. */
@Tag("expressions")
class RulesTest {

  private static final Path PROMETHEUS = Path.of("..", "prometheus");
  private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks");

  /** A family with the labels network, template and status, but no recorded series. */
  private static final Pattern COUNTS = Pattern.compile("(?<![\\w:])deployments_\\d+[mhd]\\b");

  private static final Pattern QUERY =
      Pattern.compile("^ *```promql\\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern FAMILY = Pattern.compile("\\bdeployments_\\w+");
  private static final Pattern TYPE = Pattern.compile("^# TYPE (\\w+)", Pattern.MULTILINE);

  static List<Rule> rules() {
    return Rule.all(PROMETHEUS.resolve("rules"));
  }

  static List<Rule> alerts() {
    return rules().stream().filter(Rule::isAlert).toList();
  }

  static List<Path> unitTests() {
    return Rule.files(PROMETHEUS.resolve("tests"));
  }

  @Test
  void promtoolAcceptsTheRules() {
    Rule.files(PROMETHEUS.resolve("rules"))
        .forEach(
            file ->
                assertThat(
                        InstalledProgram.orSkip("promtool").run("check", "rules", file.toString()))
                    .contains("SUCCESS"));
  }

  @Test
  void promtoolAcceptsTheConfigurationWithAllRuleFiles() {
    String printed =
        InstalledProgram.orSkip("promtool")
            .run("check", "config", PROMETHEUS.resolve("prometheus.yml").toString());
    assertThat(printed)
        .contains(Rule.files(PROMETHEUS.resolve("rules")).size() + " rule files found");
  }

  @ParameterizedTest
  @MethodSource("unitTests")
  void promtoolPassesTheUnitTests(Path file) {
    InstalledProgram.orSkip("promtool").run("test", "rules", file.toString());
  }

  @Test
  void amtoolAcceptsTheExample() {
    String printed =
        InstalledProgram.orSkip("amtool")
            .run("check-config", PROMETHEUS.resolve("alertmanager.example.yml").toString());
    assertThat(printed).contains("2 inhibit rules");
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertHasAllItsReadersNeed(Rule alert) {
    assertThat(alert.text("for")).isNotEmpty();
    assertThat(alert.text("keep_firing_for")).isNotEmpty();
    assertThat(alert.label("severity")).isIn("critical", "warning", "info");
    assertThat(alert.annotation("summary")).contains("{{ $labels.");
    assertThat(alert.annotation("description")).contains("{{");
    assertThat(alert.annotation("runbook_url")).endsWith("/docs/runbooks/" + alert.name() + ".md");
    assertThat(alert.annotation("dashboard_url")).contains("var-job={{ $labels.job | urlquery }}");
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertOverFiguresSaysWhenItsResolutionMeansNothing(Rule alert) {
    if (alert.expression().contains("job_network")) {
      assertThat(alert.text("keep_firing_for")).isEqualTo("15m");
      assertThat(alert.annotation("summary"))
          .endsWith("A resolution while DeploymentTelemetryStale fires means nothing.");
    }
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertHasItsUnitTests(Rule alert) {
    assertThat(unitTests()).contains(PROMETHEUS.resolve("tests").resolve(alert.name() + ".yml"));
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertHasItsRunbook(Rule alert) throws IOException {
    List<String> headings =
        Files.readAllLines(RUNBOOKS.resolve(alert.name() + ".md")).stream()
            .filter(line -> line.startsWith("#"))
            .toList();
    assertThat(headings)
        .containsExactly(
            "# " + alert.name(), "## Meaning", "## Impact", "## Diagnosis", "## Mitigation");
  }

  /** By a rule per query, as promtool checks no single queries. */
  @ParameterizedTest
  @MethodSource("alerts")
  void theQueriesOfARunbookAreValidAndNeedNoRecordingRules(Rule alert, @TempDir Path folder)
      throws IOException {
    List<String> queries =
        QUERY
            .matcher(Files.readString(RUNBOOKS.resolve(alert.name() + ".md")))
            .results()
            .map(query -> query.group(1))
            .toList();
    assertThat(queries).isNotEmpty().noneMatch(query -> query.contains("job_network"));
    Path rules = folder.resolve("queries.yml");
    Files.writeString(
        rules,
        queries.stream()
            .map(query -> "      - record: query\n        expr: |2\n" + query.indent(10))
            .collect(Collectors.joining("", "groups:\n  - name: queries\n    rules:\n", "")));
    assertThat(
            InstalledProgram.orSkip("promtool")
                .run("check", "rules", "--lint=none", rules.toString()))
        .contains(queries.size() + " rules found");
    assertThat(FAMILY.matcher(String.join("\n", queries)).results().map(MatchResult::group))
        .isSubsetOf(families());
  }

  private static Set<String> families() throws IOException {
    return TYPE.matcher(Files.readString(Path.of("src/test/resources/golden/metrics.txt")))
        .results()
        .map(family -> family.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void everyRunbookAndUnitTestIsOfAnAlert() throws IOException {
    List<String> names = alerts().stream().map(Rule::name).toList();
    try (Stream<Path> runbooks = Files.list(RUNBOOKS)) {
      assertThat(Stream.concat(runbooks, unitTests().stream()))
          .allSatisfy(
              file ->
                  assertThat(file.getFileName().toString().replaceFirst("\\.(md|yml)$", ""))
                      .isIn(names));
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aSecondInstanceDoublesNothing(Rule rule) {
    assertThatInstancesCountOnce(rule.expression());
  }

  static void assertThatInstancesCountOnce(String expression) {
    Matcher counts = COUNTS.matcher(expression);
    while (counts.find()) {
      assertThat(expression.substring(0, counts.start()))
          .endsWith("max by (job, network, template, status) (");
    }
  }
}
