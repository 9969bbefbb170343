package io.deployments.exporter.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deployments.exporter.testing.InstalledProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the change below a figure is, and which words stand there where there is none. */
@Tag("expressions")
class ChangesTest {

  private static final int NO_HISTORY = -200;
  private static final int NOTHING_NOW = -300;
  private static final int NOTHING_BEFORE = -400;

  @TempDir private Path folder;

  private static List<Panel> panels() {
    return PanelsTest.queries().stream()
        .filter(panel -> panel.targets().size() > 1)
        .filter(panel -> change(panel).contains(" * 0 - 200"))
        .toList();
  }

  private static String change(Panel panel) {
    return panel.expressions().get(1);
  }

  /**
   * Of projects over all networks, and of everything else (projects, successes and failures of a
   * network), before and now; {@code _} where nothing was recorded.
   */
  private static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("5 10", "5 10", (ToIntFunction<Panel>) panel -> isRate(panel) ? 0 : 100),
        Arguments.of("10 0", "10 0", (ToIntFunction<Panel>) panel -> ofNothing(panel)),
        Arguments.of("0 10", "0 10", (ToIntFunction<Panel>) panel -> NOTHING_BEFORE),
        // A network or template that is new.
        Arguments.of(
            "5 10",
            "_ 10",
            (ToIntFunction<Panel>) panel -> isOverAll(panel) ? 100 : NOTHING_BEFORE),
        Arguments.of("_ 10", "_ 10", (ToIntFunction<Panel>) panel -> NO_HISTORY));
  }

  private static boolean isOverAll(Panel panel) {
    return panel.title().equals("Active projects");
  }

  private static boolean isRate(Panel panel) {
    return panel.title().equals("Success rate");
  }

  /** A rate of nothing is none, and that nothing failed is no achievement then. */
  private static int ofNothing(Panel panel) {
    return isRate(panel) || panel.title().equals("Failed") ? NOTHING_NOW : -100;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theChangeIsAgainstTheWindowBefore(String all, String figures, ToIntFunction<Panel> expected)
      throws IOException {
    assertAnswers(
        all,
        figures,
        panel ->
            List.of(
                Map.of(
                    "labels",
                    change(panel).contains("(job, network) (deployments_active")
                        ? "{job=\"j\", network=\"metis\"}"
                        : "{job=\"j\"}",
                    "value",
                    expected.applyAsInt(panel))));
  }

  @Test
  void thereIsNoneWithoutFigures() throws IOException {
    assertAnswers("5 _", "5 _", panel -> List.of());
  }

  private void assertAnswers(String all, String figures, Function<Panel, Object> expected)
      throws IOException {
    assertThat(panels()).hasSize(12);
    Map<String, Object> test =
        Map.of(
            "interval",
            "24h",
            "input_series",
            Stream.of(
                    "deployments_active_projects_any_network_24h{job=\"j\"}",
                    "deployments_active_projects_24h{job=\"j\", network=\"metis\"}",
                    "deployments_24h{job=\"j\", network=\"metis\", template=\"t\","
                        + " status=\"success\"}",
                    "deployments_24h{job=\"j\", network=\"metis\", template=\"t\","
                        + " status=\"failed\"}")
                .map(
                    series ->
                        Map.of(
                            "series",
                            series,
                            "values",
                            series.contains("any_network") ? all : figures))
                .toList(),
            "promql_expr_test",
            panels().stream()
                .map(
                    panel ->
                        Map.of(
                            "expr",
                            change(panel)
                                .replace("${window}", "24h")
                                .replace("$job", "j")
                                .replaceAll("\\$(network|template)", ".*"),
                            "eval_time",
                            "24h",
                            "exp_samples",
                            expected.apply(panel)))
                .toList());
    // JSON is YAML too.
    Path file = folder.resolve("changes.yml");
    new ObjectMapper().writeValue(file.toFile(), Map.of("tests", List.of(test)));
    InstalledProgram.orSkip("promtool").run("test", "rules", file.toString());
  }

  /** Without its words a reader would see −200 %. */
  @ParameterizedTest
  @MethodSource("panels")
  void eachOfThemHasItsWords(Panel panel) {
    assertThat(
            panel
                .property("mappings")
                .flatMap(mappings -> mappings.valueStream())
                .map(mapping -> mapping.path("options"))
                .filter(options -> options.has(String.valueOf(NO_HISTORY)))
                .toList())
        .hasSize(2)
        .allSatisfy(
            options ->
                assertThat(options.properties().stream().map(Map.Entry::getKey))
                    .contains(
                        String.valueOf(NO_HISTORY),
                        String.valueOf(NOTHING_NOW),
                        String.valueOf(NOTHING_BEFORE)));
  }
}
