package io.deployments.exporter.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Network names: those that nobody configured, and those that look like one under two names. */
final class NetworkFindings {

  /** Which of a chain's networks it is, as the networks we know are called. */
  private static final Pattern KIND =
      Pattern.compile(
          "(?<=.)(-?(main-?net|test-?net|dev-?net|andromeda|sepolia|goerli|holesky))+$");

  private NetworkFindings() {}

  /**
   * The findings.
   *
   * @param rows deployments in the largest window by network, NULL and empty ones left out
   * @param configured the setting {@code NETWORKS}
   */
  static List<Finding> of(Map<String, Long> rows, List<String> configured) {
    Set<String> all = new LinkedHashSet<>(configured);
    all.addAll(rows.keySet());
    Map<String, Set<String>> spellings = new TreeMap<>();
    all.forEach(
        name ->
            spellings
                .computeIfAbsent(likeness(name, configured), k -> new LinkedHashSet<>())
                .add(name));

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
      Set<String> settings = new LinkedHashSet<>(configured);
      settings.addAll(strangers);
      boolean settable =
          SqlText.arePlain(strangers) && strangers.stream().noneMatch(name -> name.contains(","));
      findings.add(
          Finding.warn(
                  "networks",
                  "not in NETWORKS: "
                      + shown(strangers, rows)
                      + "; published, but gone from the page when they have no rows")
              .with(settable ? List.of("NETWORKS=" + String.join(",", settings)) : List.of()));
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

  /** The same for names that look like one network's. */
  static String likeness(String network, List<String> configured) {
    String words = words(network);
    return configured.stream()
        .map(NetworkFindings::words)
        .filter(known -> words.startsWith(known + "-"))
        .findFirst()
        .orElseGet(() -> KIND.matcher(words).replaceFirst(""))
        .replace("-", "");
  }

  /** A name in lower case, whatever stands between its words. */
  private static String words(String network) {
    String words =
        network
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N}]+", "-")
            .replaceAll("^-|-$", "");
    return words.isEmpty() ? network : words;
  }
}
