package io.deployments.exporter.contract;

import io.deployments.exporter.testing.PrometheusApi;
import io.deployments.exporter.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the overview's headline panels say, in PromQL and in SQL. */
final class Headlines {

  /**
   * By panel and target; a column for each label, then the figure, all over the rows of {@code w}.
   */
  static final Map<String, String> SQL =
      Map.of(
          "panel 'Active projects' (A)", "SELECT count(DISTINCT project_id) FROM w",
          "panel 'Projects by network' (A)",
              "SELECT network, count(DISTINCT project_id) FROM w GROUP BY 1",
          "panel 'Deployments' (A)", "SELECT count(*) FROM w",
          "panel 'Success rate' (A)",
              "SELECT count(*) FILTER (WHERE status = 'success') / count(*)::float8 FROM w",
          "panel 'Failed' (A)", "SELECT count(*) FILTER (WHERE status = 'failed') FROM w",
          "panel 'Network split' (A)", "SELECT network, count(*) FROM w GROUP BY 1",
          "panel 'Template adoption' (A)",
              "SELECT network, template, count(*) FROM w GROUP BY 1, 2",
          "panel 'Template adoption' (B)",
              "SELECT network, template, count(*) / sum(count(*)) OVER (PARTITION BY network)::float8"
                  + " FROM w GROUP BY 1, 2",
          "panel 'Template adoption' (C)",
              "SELECT network, template,"
                  + " count(*) FILTER (WHERE status = 'success') / count(*)::float8"
                  + " FROM w GROUP BY 1, 2",
          "panel 'Template adoption' (D)",
              "SELECT network, template, count(DISTINCT project_id) FROM w GROUP BY 1, 2");

  private Headlines() {}

  /** The figures of an expression by the labels network and template, as far as it has them. */
  static Map<List<String>, Double> asked(
      PrometheusApi prometheus, Expression expression, Variables variables) {
    String text = variables.in(expression.text(), Duration.ofMinutes(1), Duration.ofDays(1));
    Map<List<String>, Double> result = new HashMap<>();
    for (PrometheusApi.Series series : prometheus.instant(text, Instant.now())) {
      List<String> labels =
          List.of("network", "template").stream()
              .filter(series.labels()::containsKey)
              .map(series.labels()::get)
              .toList();
      result.put(labels, series.last());
    }
    return result;
  }

  /** The figures of a query over the rows of a window that ends now. */
  static Map<List<String>, Double> counted(TestDatabase database, String sql, String window) {
    Map<List<String>, Double> result = new HashMap<>();
    String rows =
        "WITH w AS (SELECT * FROM deployments WHERE created_at BETWEEN now() - interval '%s' AND now()) "
            .formatted(window);
    for (List<String> row : database.query(rows + sql)) {
      int last = row.size() - 1;
      result.put(List.copyOf(row.subList(0, last)), Double.valueOf(row.get(last)));
    }
    return result;
  }
}
