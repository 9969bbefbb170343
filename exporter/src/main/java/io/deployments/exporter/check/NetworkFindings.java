package io.deployments.exporter.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Network names: those that nobody configured, and those that look like one under two names. */
final class NetworkFindings {

  private NetworkFindings() {}

  /**
   * The findings.
   *
   * @param rows deployments in the largest window by network, NULL and empty ones left out
   * @param configured the setting {@code NETWORKS}
   */
  static List<Finding> of(Map<String, Long> rows, List<String> configured) {
    Map<String, Set<String>> spellings = new TreeMap<>();
    configured.forEach(n -> spellings.computeIfAbsent(plain(n), k -> new LinkedHashSet<>()).add(n));
    rows.keySet()
        .forEach(n -> spellings.computeIfAbsent(plain(n), k -> new LinkedHashSet<>()).add(n));

    List<Finding> findings = new ArrayList<>();
    Set<String> strangers = new LinkedHashSet<>();
    spellings.values().stream()
        .filter(names -> names.size() > 1 && names.stream().anyMatch(n -> !configured.contains(n)))
        .forEach(names -> findings.add(variants(names, rows, configured)));
    spellings.values().stream()
        .filter(names -> names.size() == 1)
        .flatMap(Set::stream)
        .filter(name -> !configured.contains(name))
        .forEach(strangers::add);
    if (!strangers.isEmpty()) {
      Set<String> all = new LinkedHashSet<>(configured);
      all.addAll(strangers);
      boolean settable =
          SqlText.arePlain(strangers) && strangers.stream().noneMatch(name -> name.contains(","));
      findings.add(
          Finding.warn(
                  "networks",
                  "not in NETWORKS: "
                      + shown(strangers, rows)
                      + "; published, but gone from the page when they have no rows")
              .with(settable ? List.of("NETWORKS=" + String.join(",", all)) : List.of()));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok("networks", shown(configured, rows)));
    }
    return findings;
  }

  private static Finding variants(
      Set<String> names, Map<String, Long> rows, List<String> configured) {
    String one =
        names.stream()
            .filter(configured::contains)
            .findFirst()
            .orElseGet(() -> names.iterator().next());
    Set<String> others = new LinkedHashSet<>(names);
    others.removeIf(configured::contains);
    others.remove(one);
    boolean starved = configured.contains(one) && !rows.containsKey(one);
    return new Finding(
        starved ? Verdict.FAIL : Verdict.WARN,
        "networks",
        "look like one under several names: "
            + shown(names, rows)
            + (starved ? "; " + SqlText.shown(one) + " itself is always 0" : ""),
        SqlText.arePlain(others)
            ? List.of(
                "-- in the SELECT of a view, if they are one:",
                others.stream()
                    .map(n -> "WHEN " + SqlText.literal(n) + " THEN " + SqlText.literal(one))
                    .collect(
                        Collectors.joining(" ", "CASE network ", " ELSE network END AS network,")))
            : List.of());
  }

  private static String shown(Iterable<String> names, Map<String, Long> rows) {
    Map<String, Long> counts = new LinkedHashMap<>();
    names.forEach(name -> counts.put(name, rows.getOrDefault(name, 0L)));
    return SqlText.shown(counts);
  }

  /** What is left of a name without case, separators and the kind of network. */
  private static String plain(String network) {
    return network
        .toLowerCase(Locale.ROOT)
        .strip()
        .replaceAll("[\\s_.-]+", "-")
        .replaceAll("-?(main-?net|test-?net|dev-?net)$", "")
        .replace("-", "");
  }
}
