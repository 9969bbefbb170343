package io.deployments.exporter.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployments.exporter.dashboards.Dashboard;
import io.deployments.exporter.testing.PrometheusApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One choice of values for the variables of a dashboard, put into expressions as Grafana's data
 * source for Prometheus does.
 *
 * @param values what stands in an expression, by the variable's name
 */
record Variables(Map<String, String> values) {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(\\w+)(?::([^}]*))?}|\\$(\\w+)|\\[\\[(\\w+)]]");
  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\((?:(.*),)?\\s*(\\w+)\\s*\\)", Pattern.DOTALL);
  private static final Pattern QUERY_RESULT =
      Pattern.compile("query_result\\((.*)\\)", Pattern.DOTALL);

  /** How many values a variable with several has. */
  private enum Choice {
    SINGLE,
    SEVERAL,
    ALL
  }

  /**
   * Enough choices to see every value of a variable that takes one, and one, several and all values
   * of a variable that takes several.
   *
   * @throws AssertionError if a variable has no value to choose
   */
  static List<Variables> choices(Dashboard dashboard, PrometheusApi prometheus) {
    List<Variables> result = new ArrayList<>();
    for (Choice choice : Choice.values()) {
      int most = 1;
      for (int i = 0; i < most; i++) {
        Map<String, String> values = new LinkedHashMap<>();
        for (JsonNode variable : dashboard.json().path("templating").path("list")) {
          if (variable.path("type").asText().equals("datasource")) {
            continue;
          }
          String name = variable.path("name").asText();
          List<String> options =
              options(variable, new Variables(values).in(query(variable)), prometheus);
          if (options.isEmpty()) {
            throw new AssertionError(
                dashboard + ", variable '" + name + "' has no value: " + query(variable));
          }
          boolean several = variable.path("multi").asBoolean();
          values.put(
              name, several ? several(variable, options, choice) : options.get(i % options.size()));
          most = several ? most : Math.max(most, options.size());
        }
        result.add(new Variables(values));
      }
    }
    return result.stream().distinct().toList();
  }

  private static String query(JsonNode variable) {
    JsonNode query = variable.path("query");
    return query.isObject() ? query.path("query").asText() : query.asText();
  }

  private static List<String> options(JsonNode variable, String query, PrometheusApi prometheus) {
    String type = variable.path("type").asText();
    if (type.equals("custom")) {
      return Arrays.stream(query.split(","))
          .map(option -> option.replaceFirst("^.* : ", "").strip())
          .toList();
    }
    if (type.equals("constant") || type.equals("textbox")) {
      return List.of(query);
    }
    Matcher labels = LABEL_VALUES.matcher(query);
    if (labels.matches()) {
      return prometheus.labelValues(
          labels.group(2), labels.group(1) == null ? "" : labels.group(1).strip());
    }
    Matcher result = QUERY_RESULT.matcher(query);
    if (result.matches()) {
      return prometheus.instant(result.group(1), Instant.now()).stream()
          .map(series -> series.labels().toString())
          .toList();
    }
    throw new AssertionError("Not known here: a variable of type " + type + ", " + query);
  }

  private static String several(JsonNode variable, List<String> options, Choice choice) {
    if (choice == Choice.ALL && !variable.path("allValue").asText().isEmpty()) {
      return variable.path("allValue").asText();
    }
    int number =
        switch (choice) {
          case SINGLE -> 1;
          case SEVERAL -> 2;
          case ALL -> options.size();
        };
    List<String> chosen = options.stream().limit(number).map(Variables::escape).toList();
    return chosen.size() == 1 ? chosen.get(0) : "(" + String.join("|", chosen) + ")";
  }

  /** For a regular expression in a string in double quotes. */
  private static String escape(String value) {
    return value.replaceAll("[$^*{}\\[\\]+?.()|\\\\]", "\\\\\\\\$0").replace("\"", "\\\"");
  }

  /** The text with these values, and Grafana's own variables for a graph that has none. */
  String in(String text) {
    return in(text, Duration.ofMinutes(1), Duration.ofHours(1));
  }

  /**
   * The text with these values.
   *
   * @param step from point to point
   * @param range from the left to the right end of a graph
   * @throws IllegalArgumentException if a variable is none of the dashboard's, nor of Grafana's
   */
  String in(String text, Duration step, Duration range) {
    Map<String, String> all = new LinkedHashMap<>(values);
    Duration scrapeInterval = Duration.ofSeconds(15);
    all.put(
        "__rate_interval",
        Stream.of(step.plus(scrapeInterval), scrapeInterval.multipliedBy(4))
                .max(Duration::compareTo)
                .orElseThrow()
                .toSeconds()
            + "s");
    all.put("__interval", step.toSeconds() + "s");
    all.put("__interval_ms", String.valueOf(step.toMillis()));
    all.put("__range", range.toSeconds() + "s");
    all.put("__range_s", String.valueOf(range.toSeconds()));
    all.put("__range_ms", String.valueOf(range.toMillis()));
    return REFERENCE
        .matcher(text)
        .replaceAll(
            reference -> {
              String name =
                  Stream.of(1, 3, 4)
                      .map(reference::group)
                      .filter(group -> group != null)
                      .collect(Collectors.joining());
              if (!all.containsKey(name) || reference.group(2) != null) {
                throw new IllegalArgumentException("No such variable: " + reference.group());
              }
              return Matcher.quoteReplacement(all.get(name));
            });
  }
}
