package io.deployments.exporter.settings.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What is wrong with a web configuration file, by line. */
final class Problems {

  private final Map<Integer, List<String>> byLine = new TreeMap<>();

  void add(int line, String problem) {
    byLine.computeIfAbsent(line, any -> new ArrayList<>()).add(problem);
  }

  /**
   * Reads keys one by one: a wrong one must not hide the next.
   *
   * @param reader throws {@link IllegalArgumentException} with what is allowed instead
   */
  void collect(List<YamlEntry> entries, Consumer<YamlEntry> reader) {
    Map<String, Integer> seen = new HashMap<>();
    for (YamlEntry entry : entries) {
      Integer before = seen.putIfAbsent(entry.key(), entry.line());
      if (before != null) {
        add(entry.line(), "'" + shown(entry.key()) + "' is there already, in line " + before);
        continue;
      }
      try {
        reader.accept(entry);
      } catch (IllegalArgumentException e) {
        add(entry.line(), shown(entry.key()) + ": " + e.getMessage());
      }
    }
  }

  boolean isEmpty() {
    return byLine.isEmpty();
  }

  /** One for each problem, in the order of the file. */
  List<String> lines() {
    return byLine.entrySet().stream()
        .flatMap(line -> line.getValue().stream().map(p -> "line " + line.getKey() + ": " + p))
        .toList();
  }

  /** A key or value as part of a message: on one line, and not too long. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }

  /** A refusal that repeats the value. */
  static IllegalArgumentException bad(String value, String allowed) {
    return new IllegalArgumentException("is '" + shown(value) + "'; allowed: " + allowed);
  }
}
