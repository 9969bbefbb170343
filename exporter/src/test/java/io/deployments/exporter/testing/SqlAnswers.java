package io.deployments.exporter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The answers of the API against plain SQL. */
public final class SqlAnswers {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Windows of the snapshot, and days that need a query. */
  private static final List<Integer> DAYS = List.of(1, 7, 30, 45, 366);

  private SqlAnswers() {}

  /**
   * Compares all four answers, for each network there is, over 1 to 366 days.
   *
   * @param rows a query for the five columns, over whatever tables
   */
  public static void assertSame(TestDatabase postgres, RunningExporter exporter, String rows) {
    String from =
        " FROM (SELECT project_id, coalesce(nullif(CAST(network AS text), ''), 'unknown') AS network,"
            + " coalesce(nullif(CAST(template AS text), ''), 'unknown') AS template,"
            + " CAST(status AS text) AS status FROM ("
            + rows
            + ") AS rows WHERE created_at BETWEEN now() - interval '%d days' AND now()) AS d ";
    List<List<String>> seen =
        postgres.query("SET TIME ZONE 'UTC'; SELECT DISTINCT network" + from.formatted(30));
    assertThat(seen).as("networks to ask for").isNotEmpty();
    for (int days : DAYS) {
      String counted = from.formatted(days);
      List<List<String>> split =
          postgres.query("SELECT network, count(*)" + counted + "GROUP BY 1 ORDER BY 1");
      long total = split.stream().mapToLong(row -> Long.parseLong(row.get(1))).sum();
      JsonNode answer = json(exporter, "network-split?days=" + days);
      assertThat(answer.get("total").asLong()).as("total over " + days).isEqualTo(total);
      for (List<String> row : split) {
        JsonNode share = answer.get("networks").get(row.get(0));
        assertThat(share.get("deployments").asText()).isEqualTo(row.get(1));
        assertThat(share.get("percentage").asDouble())
            .isEqualTo(100.0 * Long.parseLong(row.get(1)) / total);
      }
      for (List<String> network : seen) {
        compare(postgres, exporter, counted, network.get(0), days);
      }
    }
  }

  private static void compare(
      TestDatabase postgres, RunningExporter exporter, String from, String network, int days) {
    String of = from + "WHERE network = '" + network + "' ";
    String query =
        "?days=" + days + "&network=" + URLEncoder.encode(network, StandardCharsets.UTF_8);
    List<String> stats =
        postgres
            .query(
                "SELECT count(*), count(*) FILTER (WHERE status = 'success'),"
                    + " count(*) FILTER (WHERE status = 'failed'), count(DISTINCT project_id)"
                    + of)
            .get(0);
    double total = Double.parseDouble(stats.get(0));
    assertThat(json(exporter, "active-projects" + query))
        .isEqualTo(
            json(
                "{\"network\":\"%s\",\"days\":%d,\"active_projects\":%s}"
                    .formatted(network, days, stats.get(3))));
    assertThat(json(exporter, "deployment-stats" + query))
        .isEqualTo(
            json(
                ("{\"network\":\"%s\",\"total_deployments\":%s,\"successful\":%s,\"failed\":%s,"
                        + "\"unique_projects\":%s,\"success_rate\":%s}")
                    .formatted(
                        network,
                        stats.get(0),
                        stats.get(1),
                        stats.get(2),
                        stats.get(3),
                        total == 0 ? 0.0 : Double.parseDouble(stats.get(1)) / total)));
    String templates =
        postgres
            .query(
                "SELECT template, count(*), count(*) FILTER (WHERE status = 'success')"
                    + of
                    + "GROUP BY 1 ORDER BY 2 DESC, template COLLATE \"C\"")
            .stream()
            .map(
                row ->
                    ("{\"template\":\"%s\",\"usage_count\":%s,\"success_count\":%s,"
                            + "\"adoption_rate\":%s}")
                        .formatted(
                            row.get(0),
                            row.get(1),
                            row.get(2),
                            Double.parseDouble(row.get(1)) / total))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(json(exporter, "template-adoption" + query)).isEqualTo(json(templates));
  }

  private static JsonNode json(RunningExporter exporter, String path) {
    HttpResponse<String> response = exporter.get("/api/v1/" + path);
    assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
    return json(response.body());
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
