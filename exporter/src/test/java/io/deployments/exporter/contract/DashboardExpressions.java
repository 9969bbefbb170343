package io.deployments.exporter.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployments.exporter.contract.Expression.Kind;
import io.deployments.exporter.dashboards.Dashboard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a dashboard asks a Prometheus. */
final class DashboardExpressions {

  private DashboardExpressions() {}

  /** Those of its panels and annotations. */
  static List<Expression> of(Dashboard dashboard) {
    List<Expression> result = new ArrayList<>();
    for (JsonNode panel : dashboard.json().path("panels")) {
      result.addAll(ofPanel(dashboard, panel));
      // Those in a collapsed row.
      panel.path("panels").forEach(inRow -> result.addAll(ofPanel(dashboard, inRow)));
    }
    for (JsonNode annotation : dashboard.json().path("annotations").path("list")) {
      String text = annotation.path("expr").asText();
      if (!text.isEmpty()) {
        String place = "annotation '" + annotation.path("name").asText() + "'";
        result.add(Expression.of(dashboard.toString(), place, text, Kind.RANGE));
      }
    }
    return result;
  }

  private static List<Expression> ofPanel(Dashboard dashboard, JsonNode panel) {
    List<Expression> result = new ArrayList<>();
    for (JsonNode target : panel.path("targets")) {
      String text = target.path("expr").asText();
      if (!text.isEmpty()) {
        String place =
            "panel '%s' (%s)"
                .formatted(panel.path("title").asText(), target.path("refId").asText());
        boolean instant = target.path("instant").asBoolean() && !target.path("range").asBoolean();
        Optional<Duration> step =
            Stream.of(target, panel)
                .map(node -> node.path("interval").asText())
                .filter(interval -> !interval.isEmpty())
                .findFirst()
                .map(Durations::parse);
        result.add(
            new Expression(
                dashboard.toString(), place, text, instant ? Kind.INSTANT : Kind.RANGE, step));
      }
    }
    return result;
  }

  /**
   * One of them.
   *
   * @throws AssertionError if there is none at this place
   */
  static Expression at(Dashboard dashboard, String place) {
    return of(dashboard).stream()
        .filter(expression -> expression.place().equals(place))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No " + place + " in " + dashboard));
  }

  /** From the left to the right end of the dashboard's graphs, as it opens. */
  static Duration range(Dashboard dashboard) {
    String from = dashboard.json().path("time").path("from").asText();
    return Durations.parse(from.replaceFirst("^now-", "").replaceFirst("/.*$", ""));
  }
}
