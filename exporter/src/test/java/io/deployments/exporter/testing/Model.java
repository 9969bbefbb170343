package io.deployments.exporter.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics contract read plainly: one loop per sentence, no SQL, nothing shared with the code
 * under test.
 *
 * @param rows the table
 * @param t the moment
 * @param windows lengths by name
 * @param networks the configured networks
 * @param maxTemplates how many templates have series of their own
 */
public record Model(
    List<Row> rows,
    Instant t,
    Map<String, Duration> windows,
    List<String> networks,
    int maxTemplates) {

  /** The windows that are always there. */
  public static final Map<String, Duration> WINDOWS =
      Map.of(
          "1h", Duration.ofHours(1),
          "24h", Duration.ofHours(24),
          "7d", Duration.ofDays(7),
          "30d", Duration.ofDays(30));

  private static String label(@Nullable String value) {
    return value == null || value.isEmpty() ? "unknown" : value;
  }

  /** The rows that count in a window. */
  public List<Row> in(Duration window) {
    return rows.stream()
        .filter(row -> row.createdAt() != null)
        .filter(row -> !row.createdAt().isBefore(t.minus(window)))
        .filter(row -> !row.createdAt().isAfter(t))
        .toList();
  }

  private List<Row> seen() {
    return in(windows.values().stream().max(Comparator.naturalOrder()).orElseThrow());
  }

  private Set<String> kept(Function<Row, String> column, List<String> always, int atMost) {
    Map<String, Long> ranking =
        seen().stream().collect(Collectors.groupingBy(column, Collectors.counting()));
    Set<String> kept = new HashSet<>(always);
    ranking.keySet().stream()
        .filter(value -> !value.equals("other") && !always.contains(value))
        .filter(value -> value.codePoints().count() <= 1_000)
        .sorted(
            Comparator.comparingLong((String v) -> -ranking.get(v))
                .thenComparing(v -> v.getBytes(UTF_8), Arrays::compareUnsigned))
        .limit(Math.max(0, atMost - always.size()))
        .forEach(kept::add);
    return kept;
  }

  /** Every sample of every deployment family. */
  public Map<Exposition.Series, Double> samples() {
    Set<String> keptNetworks = kept(row -> label(row.network()), networks, 20);
    Set<String> keptStatuses = kept(row -> label(row.status()), List.of("success", "failed"), 20);
    Function<Row, String> network = row -> fold(label(row.network()), keptNetworks);
    Function<Row, String> status = row -> fold(label(row.status()), keptStatuses);
    Set<String> allNetworks = union(networks, network);
    Set<String> allStatuses = union(List.of("success", "failed"), status);
    // As many as the bound allows; and if that is not enough, one fewer until the product holds.
    Set<String> keptTemplates = kept(row -> label(row.template()), List.of(), maxTemplates);
    while (allNetworks.size() * templates(keptTemplates) * allStatuses.size() > 10_000) {
      keptTemplates = kept(row -> label(row.template()), List.of(), keptTemplates.size() - 1);
    }
    Set<String> finalTemplates = keptTemplates;
    Function<Row, String> template = row -> fold(label(row.template()), finalTemplates);
    boolean otherNetworks = folded(row -> label(row.network()), keptNetworks);
    boolean otherTemplates = folded(row -> label(row.template()), keptTemplates);
    Set<String> allTemplates = union(List.of(), template);

    Map<Exposition.Series, Double> result = new HashMap<>();
    windows.forEach(
        (name, length) -> {
          List<Row> counted = in(length);
          put(result, "deployments_active_projects_any_network_" + name, projects(counted));
          for (String n : allNetworks) {
            List<Row> ofNetwork = counted.stream().filter(r -> network.apply(r).equals(n)).toList();
            boolean ownNetwork = !(n.equals("other") && otherNetworks);
            if (ownNetwork) {
              put(result, "deployments_active_projects_" + name, projects(ofNetwork), "network", n);
            }
            if (!ofNetwork.isEmpty()) {
              long good = ofNetwork.stream().filter(r -> status.apply(r).equals("success")).count();
              double ratio = (double) good / ofNetwork.size();
              put(result, "deployments_success_ratio_" + name, ratio, "network", n);
            }
            for (String p : allTemplates) {
              List<Row> ofTemplate =
                  ofNetwork.stream().filter(r -> template.apply(r).equals(p)).toList();
              if (ownNetwork && !(p.equals("other") && otherTemplates)) {
                put(
                    result,
                    "deployments_template_projects_" + name,
                    projects(ofTemplate),
                    "network",
                    n,
                    "template",
                    p);
              }
              for (String s : allStatuses) {
                double count = ofTemplate.stream().filter(r -> status.apply(r).equals(s)).count();
                String[] labels = {"network", n, "template", p, "status", s};
                put(result, "deployments_" + name, count, labels);
              }
            }
          }
        });
    Map<List<String>, Instant> newest = new HashMap<>();
    for (Row row : seen()) {
      newest.merge(
          List.of(network.apply(row), template.apply(row), status.apply(row)),
          row.createdAt(),
          (a, b) -> a.isAfter(b) ? a : b);
    }
    newest.forEach(
        (key, time) -> {
          String[] labels = {"network", key.get(0), "template", key.get(1), "status", key.get(2)};
          double seconds = time.getEpochSecond() + time.getNano() / 1e9;
          put(result, "deployments_last_created_timestamp_seconds", seconds, labels);
        });
    return result;
  }

  private int templates(Set<String> kept) {
    return union(List.of(), row -> fold(label(row.template()), kept)).size();
  }

  private static String fold(String value, Set<String> kept) {
    return kept.contains(value) ? value : "other";
  }

  private boolean folded(Function<Row, String> column, Set<String> kept) {
    return seen().stream().map(column).anyMatch(v -> !kept.contains(v) && !v.equals("other"));
  }

  private Set<String> union(List<String> always, Function<Row, String> column) {
    return Stream.concat(always.stream(), seen().stream().map(column))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static double projects(List<Row> rows) {
    return rows.stream().map(Row::project).filter(p -> p != null).distinct().count();
  }

  private static void put(
      Map<Exposition.Series, Double> result, String name, double value, String... labels) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      map.put(labels[i], labels[i + 1]);
    }
    result.put(new Exposition.Series(name, map), value);
  }

  /** The deployment samples of a page, without the exporter's own and the runtime's. */
  public static Map<Exposition.Series, Double> deploymentSamples(Exposition page) {
    Map<Exposition.Series, Double> result = new HashMap<>(page.samples());
    result
        .keySet()
        .removeIf(
            series ->
                !series.name().startsWith("deployments_")
                    || series.name().startsWith("deployments_exporter_"));
    return result;
  }

  /** What differs, for a message that a person can read. */
  public static List<String> differences(
      Map<Exposition.Series, Double> expected, Map<Exposition.Series, Double> actual) {
    List<String> result = new ArrayList<>();
    expected.forEach(
        (series, value) -> {
          if (!value.equals(actual.get(series))) {
            result.add(series + " is " + actual.get(series) + ", not " + value);
          }
        });
    actual.forEach(
        (series, value) -> {
          if (!expected.containsKey(series)) {
            result.add(series + " is there with " + value);
          }
        });
    return result;
  }
}
