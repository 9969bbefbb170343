package io.deployments.exporter.check;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Values of a table as they are shown: whatever they hold, a line stays a line. */
final class SqlText {

  /** Labels are seldom longer; the rest would only push the advice off the screen. */
  private static final int LONGEST = 60;

  private static final int MOST = 12;

  private SqlText() {}

  /** A string constant, to be pasted. */
  static String literal(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** Whether the constants can be shown in full, and so pasted. */
  static boolean arePlain(Collection<String> values) {
    return values.size() <= MOST
        && values.stream().allMatch(v -> v.length() <= LONGEST && v.equals(oneLine(v)));
  }

  /** A value as a person reads it. */
  static String shown(String value) {
    String line = oneLine(value);
    return "'" + (line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...") + "'";
  }

  /** Values with their counts, the first of them. */
  static String shown(Map<String, Long> counts) {
    int more = counts.size() - MOST;
    return counts.entrySet().stream()
        .limit(MOST)
        .map(e -> (e.getKey().isEmpty() ? "NULL" : shown(e.getKey())) + " (" + e.getValue() + ")")
        .collect(Collectors.joining(", ", "", more > 0 ? " and " + more + " more" : ""));
  }

  /** Without line breaks and what else a terminal would obey. */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
