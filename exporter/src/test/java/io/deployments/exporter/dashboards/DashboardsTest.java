package io.deployments.exporter.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards as a whole: found, linked, filled by the same variables, laid out on the grid. */
class DashboardsTest {

  private static final int COLUMNS = 24;

  private static final List<String> VARIABLES =
      List.of("datasource", "job", "network", "template", "window");

  static List<Dashboard> dashboards() {
    return Dashboard.all();
  }

  @Test
  void theFourAreThere() {
    assertThat(dashboards())
        .extracting(Dashboard::uid)
        .containsExactly(
            "deployments-exporter",
            "deployments-network",
            "deployments-overview",
            "deployments-template");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aDashboardIsNamedAndOfTheSchemaThatGrafanaKeeps(Dashboard dashboard) {
    assertThat(dashboard.file().getFileName()).hasToString(dashboard.uid() + ".json");
    JsonNode json = dashboard.json();
    assertThat(json.path("schemaVersion").asInt()).isEqualTo(42);
    assertThat(json.path("title").asText()).startsWith("Deployments: ");
    assertThat(json.path("description").asText()).endsWith(".");
    // An id is one installation's; inputs are asked for at every import.
    assertThat(json.fieldNames()).toIterable().doesNotContain("id", "__inputs", "__requires");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aDashboardOpensOnAtLeastAWeek(Dashboard dashboard) {
    assertThat(dashboard.json().path("time").path("from").asText())
        .matches("now-([7-9]|[1-9]\\d+)d");
    assertThat(dashboard.json().path("time").path("to").asText()).isEqualTo("now");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void dashboardsLinkToEachOtherByTagAndTakeVariablesAndTimeAlong(Dashboard dashboard) {
    JsonNode link = dashboard.json().path("links").path(0);
    assertThat(link.path("type").asText()).isEqualTo("dashboards");
    assertThat(link.path("tags").path(0).asText())
        .isEqualTo(dashboard.json().path("tags").path(0).asText())
        .isEqualTo("deployment-telemetry");
    assertThat(link.path("includeVars").asBoolean()).isTrue();
    assertThat(link.path("keepTime").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyDashboardHasAllVariablesSoThatTheyTravel(Dashboard dashboard) {
    assertThat(dashboard.json().path("templating").path("list").valueStream())
        .extracting(variable -> variable.path("name").asText())
        .isEqualTo(VARIABLES);
    assertThat(dashboard.variable("datasource").path("query").asText()).isEqualTo("prometheus");
    for (String name : List.of("job", "network", "template")) {
      JsonNode variable = dashboard.variable(name);
      assertThat(variable.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
      assertThat(variable.path("refresh").asInt()).as("on time range change").isEqualTo(2);
      assertThat(variable.path("multi").asBoolean()).isEqualTo(!name.equals("job"));
      assertThat(variable.path("includeAll").asBoolean()).isEqualTo(!name.equals("job"));
    }
    assertThat(dashboard.variable("window").path("query").asText()).isEqualTo("1h,24h,7d,30d");
    assertThat(dashboard.variable("window").path("current").path("value").asText())
        .isEqualTo("30d");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void restartsAndAlertsAreMarked(Dashboard dashboard) {
    List<JsonNode> annotations =
        dashboard.json().path("annotations").path("list").valueStream().toList();
    assertThat(annotations.get(0).path("builtIn").asInt())
        .as("Grafana's own state changes")
        .isEqualTo(1);
    assertThat(annotations)
        .extracting(annotation -> annotation.path("expr").asText())
        .anySatisfy(
            expression ->
                assertThat(expression)
                    .contains("process_start_time_seconds", "deployments_exporter_build_info"))
        .anySatisfy(expression -> assertThat(expression).contains("ALERTS{"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsLieOnTheGridWithoutOverlapsOrGaps(Dashboard dashboard) {
    List<Panel> panels = dashboard.panels();
    assertThat(panels).extracting(Panel::id).doesNotHaveDuplicates().allMatch(id -> id > 0);
    int cells = 0;
    int bottom = 0;
    for (Panel panel : panels) {
      assertThat(panel.x()).as(panel.toString()).isNotNegative();
      assertThat(panel.x() + panel.width()).as(panel.toString()).isLessThanOrEqualTo(COLUMNS);
      assertThat(panels)
          .as("%s overlaps none", panel)
          .noneMatch(other -> !other.equals(panel) && panel.overlaps(other));
      assertThat(panels)
          .filteredOn(other -> other.y() == panel.y())
          .as("as high as %s, beside it", panel)
          .allMatch(other -> other.height() == panel.height());
      // A repeated panel takes the whole width.
      cells += panel.height() * (panel.json().has("repeat") ? COLUMNS : panel.width());
      bottom = Math.max(bottom, panel.y() + panel.height());
    }
    assertThat(cells).as("no gaps").isEqualTo(bottom * COLUMNS);
  }

  @Test
  void oneNameHasOneColourOnEveryPanel() {
    Map<String, Set<String>> colours = new TreeMap<>();
    for (Dashboard dashboard : dashboards()) {
      for (Panel panel : dashboard.panels()) {
        for (JsonNode override : panel.overrides()) {
          String name = override.path("matcher").path("options").asText();
          colourOf(override)
              .forEach(colour -> colours.computeIfAbsent(name, key -> new TreeSet<>()).add(colour));
        }
      }
    }
    assertThat(colours).allSatisfy((name, seen) -> assertThat(seen).as(name).hasSize(1));
    assertThat(colours)
        .containsEntry("success", Set.of("green"))
        .containsEntry("failed", Set.of("red"))
        .containsKeys("metis", "hyperion", "pending");
  }

  private static Stream<String> colourOf(JsonNode override) {
    return override
        .path("properties")
        .valueStream()
        .filter(property -> property.path("id").asText().equals("color"))
        .map(property -> property.path("value").path("fixedColor").asText());
  }

  @Test
  void aNetworkOrStatusHasItsColourWhereverItIsDrawn() {
    for (Dashboard dashboard : dashboards()) {
      for (Panel panel : dashboard.panels()) {
        if (!Set.of("timeseries", "piechart").contains(panel.type())) {
          continue;
        }
        List<String> coloured =
            panel.overrides().stream()
                .map(override -> override.path("matcher").path("options").asText())
                .toList();
        for (JsonNode target : panel.targets()) {
          switch (target.path("legendFormat").asText()) {
            case "{{network}}" ->
                assertThat(coloured).as(panel.toString()).contains("metis", "hyperion");
            case "{{status}}" -> {
              // Of an HTTP answer where it isn't that of a deployment.
              if (target.path("expr").asText().contains("deployments_")) {
                assertThat(coloured).as(panel.toString()).contains("success", "failed", "pending");
              }
            }
            default -> {
              // Names that no other panel colours.
            }
          }
        }
      }
    }
  }
}
