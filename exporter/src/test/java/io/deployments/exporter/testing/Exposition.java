package io.deployments.exporter.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A page of metrics in Prometheus' text format, read by other code than wrote it.
 *
 * @param samples value by series
 * @param types type by family
 * @param help description by family
 */
public record Exposition(
    Map<Series, Double> samples, Map<String, String> types, Map<String, String> help) {

  /** A name with its labels. */
  public record Series(String name, Map<String, String> labels) {}

  /**
   * Reads a page.
   *
   * @throws IllegalArgumentException if it is malformed, or a series stands there twice
   */
  public static Exposition parse(String page) {
    Map<Series, Double> samples = new HashMap<>();
    Map<String, String> types = new TreeMap<>();
    Map<String, String> help = new TreeMap<>();
    for (String line : page.split("\n")) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", 4);
        types.put(words[2], words[3]);
      } else if (line.startsWith("# HELP ")) {
        String[] words = line.split(" ", 4);
        help.put(words[2], words[3]);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        int open = line.indexOf('{');
        int close = line.lastIndexOf('}');
        int nameEnd = open >= 0 ? open : line.indexOf(' ');
        Map<String, String> labels = open >= 0 ? labels(line.substring(open + 1, close)) : Map.of();
        String value = line.substring(Math.max(nameEnd, close + 1)).strip();
        Double before = samples.put(new Series(line.substring(0, nameEnd), labels), number(value));
        if (before != null) {
          throw new IllegalArgumentException("Twice: " + line);
        }
      }
    }
    return new Exposition(samples, types, help);
  }

  private static double number(String value) {
    return switch (value) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(value);
    };
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    int at = 0;
    while (at < text.length()) {
      int equals = text.indexOf("=\"", at);
      if (equals < 0 || !text.substring(at, equals).matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
        throw new IllegalArgumentException("Malformed labels: " + text);
      }
      StringBuilder value = new StringBuilder();
      int end = equals + 2;
      for (; text.charAt(end) != '"'; end++) {
        char c = text.charAt(end);
        if (c == '\\') {
          c = text.charAt(++end);
          if ("\\\"n".indexOf(c) < 0) {
            throw new IllegalArgumentException("No such escape: " + text);
          }
          c = c == 'n' ? '\n' : c;
        }
        value.append(c);
      }
      labels.put(text.substring(at, equals), value.toString());
      at = end + 1;
      if (at < text.length() && text.charAt(at++) != ',') {
        throw new IllegalArgumentException("Malformed labels: " + text);
      }
    }
    return labels;
  }

  /** The value of a series; labels as alternating names and values. */
  public Optional<Double> value(String name, String... labels) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      map.put(labels[i], labels[i + 1]);
    }
    return Optional.ofNullable(samples.get(new Series(name, map)));
  }

  /** The series of one name, by their label values in the order of the names given. */
  public Map<List<String>, Double> family(String name, String... labelNames) {
    Map<List<String>, Double> result = new HashMap<>();
    samples.forEach(
        (series, value) -> {
          if (series.name().equals(name)) {
            List<String> values = new ArrayList<>();
            for (String label : labelNames) {
              values.add(series.labels().get(label));
            }
            if (series.labels().size() != labelNames.length) {
              throw new IllegalArgumentException("Other labels: " + series);
            }
            result.put(values, value);
          }
        });
    return result;
  }

  /** The names of all families. */
  public List<String> families() {
    return List.copyOf(new TreeSet<>(types.keySet()));
  }
}
