package io.deployments.exporter.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each panel needs for its readers, and for its figures to be right. */
class PanelsTest {

  /** What Grafana brings along; anything else would have to be installed. */
  private static final Set<String> CORE =
      Set.of("alertlist", "piechart", "stat", "status-history", "table", "timeseries");

  private static final Set<String> UNITS =
      Set.of("bytes", "dateTimeFromNow", "locale", "percentunit", "reqps", "s");

  /** A family with the labels network, template and status. */
  private static final Pattern COUNTS =
      Pattern.compile("deployments_(\\$\\{window}|\\d+[mhd]|last_created_timestamp_seconds)\\{");

  /** A counter, or a part of a histogram or summary, and what is around it. */
  private static final Pattern COUNTERS =
      Pattern.compile("(\\w+\\()?\\w+_(?:total|count|sum|bucket)\\{[^}]*}(\\[[^]]*])?");

  static List<Panel> panels() {
    return Dashboard.all().stream()
        .flatMap(dashboard -> dashboard.panels().stream())
        .filter(panel -> !panel.isRow())
        .toList();
  }

  static List<Panel> queries() {
    return panels().stream().filter(panel -> !panel.type().equals("alertlist")).toList();
  }

  @ParameterizedTest
  @MethodSource("panels")
  void aPanelSaysWhatItShowsAndHowThatIsDefined(Panel panel) {
    assertThat(panel.title()).isNotBlank().hasSizeLessThanOrEqualTo(56);
    assertThat(panel.json().path("description").asText()).hasSizeGreaterThan(30).endsWith(".");
    assertThat(panel.type()).isIn(CORE);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aPanelReadsTheChosenDataSource(Panel panel) {
    assertThat(panel.targets()).isNotEmpty();
    assertThat(
            Stream.concat(Stream.of(panel.json()), panel.targets().stream())
                .map(reader -> reader.path("datasource")))
        .allSatisfy(
            source -> {
              assertThat(source.path("type").asText()).isEqualTo("prometheus");
              assertThat(source.path("uid").asText()).isEqualTo("${datasource}");
            });
    assertThat(panel.expressions()).allSatisfy(e -> assertThat(e).contains("job=\"$job\""));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aPanelHasUnitsThatGrafanaKnows(Panel panel) {
    assertThat(panel.defaults().has("unit")).isTrue();
    assertThat(panel.property("unit"))
        .extracting(JsonNode::asText)
        .allSatisfy(
            unit -> assertThat(UNITS.contains(unit) || unit.startsWith("suffix:")).isTrue());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aRatioIsDrawnBetweenNothingAndAll(Panel panel) {
    if (panel.type().equals("timeseries")
        && panel.defaults().path("unit").asText().equals("percentunit")) {
      assertThat(panel.defaults().path("min").asDouble(-1)).isZero();
      assertThat(panel.defaults().path("max").asDouble(-1)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aPanelWithNothingToShowSaysSo(Panel panel) {
    assertThat(panel.defaults().path("noValue").asText()).isNotBlank().isNotEqualTo("0");
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aSecondExporterDoublesNothing(Panel panel) {
    for (String expression : panel.expressions()) {
      Matcher counts = COUNTS.matcher(expression);
      while (counts.find()) {
        assertThat(expression.substring(0, counts.start()))
            .endsWith("max by (job, network, template, status) (");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void distinctProjectsAreNeverAddedUp(Panel panel) {
    assertThat(panel.expressions())
        .allSatisfy(
            expression ->
                assertThat(expression)
                    .doesNotContainPattern(
                        "(sum|avg|count)[^(]*\\([^)]*deployments_(active|template)_projects"));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void nothingIsDividedByZero(Panel panel) {
    for (String expression : panel.expressions()) {
      Matcher division = Pattern.compile("/ (?!3600|86400)").matcher(expression);
      while (division.find()) {
        assertThat(denominator(expression, division.end())).endsWith("> 0)");
      }
    }
  }

  /** The parenthesis after a division and its matching labels. */
  private static String denominator(String expression, int start) {
    Matcher matching =
        Pattern.compile("(?:on \\([^)]*\\) )?(?:group_left \\([^)]*\\) )?").matcher(expression);
    matching.region(start, expression.length());
    int begin = matching.lookingAt() ? matching.end() : start;
    int depth = 0;
    for (int i = begin; i < expression.length(); i++) {
      depth += expression.charAt(i) == '(' ? 1 : expression.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return expression.substring(begin, i + 1);
      }
    }
    return expression.substring(begin);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aCounterIsRatedOverAnIntervalThatHoldsEnoughScrapes(Panel panel) {
    for (String expression : panel.expressions()) {
      Matcher counters = COUNTERS.matcher(expression);
      while (counters.find()) {
        assertThat(counters.group(1)).isIn("rate(", "increase(");
        assertThat(counters.group(2))
            .isEqualTo(
                panel.type().equals("stat") && "increase(".equals(counters.group(1))
                    ? "[$__range]"
                    : "[$__rate_interval]");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aBarIsAWholeDayOfItsOwn(Panel panel) {
    boolean drawn = panel.defaults().path("custom").path("drawStyle").asText().equals("bars");
    for (JsonNode target : panel.targets()) {
      boolean daily = target.path("expr").asText().contains("offset -24h");
      assertThat(daily)
          .isEqualTo(drawn && target.path("expr").asText().contains("deployments_24h"));
      if (daily) {
        assertThat(target.path("expr").asText()).contains("deployments_24h");
        assertThat(target.path("interval").asText()).isEqualTo("24h");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aLineBesideTheAlertThresholdIsTheRateThatAlertsLookAt(Panel panel) {
    if (panel
        .defaults()
        .path("custom")
        .path("thresholdsStyle")
        .path("mode")
        .asText("off")
        .equals("off")) {
      return;
    }
    assertThat(panel.id()).isEqualTo(9);
    assertThat(panel.expressions())
        .allSatisfy(
            expression ->
                assertThat(expression)
                    .contains("status=\"success\"", "status=~\"success|failed\"")
                    .doesNotContain("template=~"));
    assertThat(panel.defaults().path("thresholds").path("steps").path(1).path("value").asDouble())
        .isEqualTo(0.9);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aLinkTakesVariablesAndTimeAlong(Panel panel) {
    panel
        .property("links")
        .flatMap(JsonNode::valueStream)
        .map(link -> link.path("url").asText())
        .forEach(
            url -> {
              assertThat(url).matches("/d/deployments-(network|template)\\?.*");
              assertThat(url).contains("${__url_time_range}");
              for (String name : List.of("datasource", "job", "network", "template", "window")) {
                assertThat(url).containsAnyOf("${" + name + ":queryparam}", "var-" + name + "=$");
              }
            });
  }
}
