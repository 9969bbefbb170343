package io.deployments.exporter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The figures of a page against plain SQL. */
public final class SqlFigures {

  private static final Map<String, String> INTERVALS =
      Map.of("1h", "1 hour", "24h", "24 hours", "7d", "7 days", "30d", "30 days");

  private static final String LABEL = "coalesce(nullif(CAST(%1$s AS text), ''), 'unknown') AS %1$s";

  private SqlFigures() {}

  /**
   * Compares every deployment family.
   *
   * @param rows a query for the five columns, over whatever tables
   */
  public static void assertSame(TestDatabase postgres, Exposition page, String rows) {
    String labelled =
        " FROM (SELECT project_id, "
            + LABEL.formatted("network")
            + ", "
            + LABEL.formatted("template")
            + ", "
            + LABEL.formatted("status")
            + ", created_at FROM ("
            + rows
            + ") AS rows) AS labelled WHERE created_at BETWEEN now() - interval '%s' AND now()";
    assertThat(page.family("deployments_1h", "network", "template", "status").values())
        .as("something to compare in every window")
        .anyMatch(value -> value > 0);
    INTERVALS.forEach(
        (window, interval) -> {
          String from = labelled.formatted(interval);
          compare(
              postgres,
              page.family("deployments_" + window, "network", "template", "status"),
              "SELECT network, template, status, count(*)" + from + " GROUP BY 1, 2, 3");
          compare(
              postgres,
              page.family("deployments_active_projects_" + window, "network"),
              "SELECT network, count(DISTINCT project_id)" + from + " GROUP BY 1");
          compare(
              postgres,
              page.family("deployments_active_projects_any_network_" + window),
              "SELECT count(DISTINCT project_id)" + from);
          compare(
              postgres,
              page.family("deployments_template_projects_" + window, "network", "template"),
              "SELECT network, template, count(DISTINCT project_id)" + from + " GROUP BY 1, 2");
          compare(
              postgres,
              page.family("deployments_success_ratio_" + window, "network"),
              "SELECT network, CAST(count(*) FILTER (WHERE status = 'success') AS float8) / count(*)"
                  + from
                  + " GROUP BY 1");
        });
    compare(
        postgres,
        page.family("deployments_last_created_timestamp_seconds", "network", "template", "status"),
        "SELECT network, template, status, CAST(extract(epoch FROM max(created_at)) AS float8)"
            + labelled.formatted("30 days")
            + " GROUP BY 1, 2, 3");
  }

  private static void compare(
      TestDatabase postgres, Map<List<String>, Double> published, String query) {
    Map<List<String>, Double> expected = new HashMap<>();
    for (List<String> row : postgres.query("SET TIME ZONE 'UTC'; " + query)) {
      int last = row.size() - 1;
      expected.put(row.subList(0, last), Double.parseDouble(row.get(last)));
    }
    Map<List<String>, Double> actual = new HashMap<>(published);
    actual.values().removeIf(value -> value == 0);
    expected.values().removeIf(value -> value == 0);
    assertThat(actual).as(query).isEqualTo(expected);
  }
}
