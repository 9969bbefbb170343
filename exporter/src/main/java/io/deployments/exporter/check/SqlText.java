package io.deployments.exporter.check;

import java.util.Map;
import java.util.stream.Collectors;

/** Values of a table as they are shown: whatever they hold, a line stays a line. */
final class SqlText {

  /** Labels are seldom longer; the rest would only push the advice off the screen. */
  private static final int LONGEST = 60;

  private SqlText() {}

  /** A string constant, to be pasted. */
  static String literal(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** Whether a constant can be shown in full, and so pasted. */
  static boolean isPlain(String value) {
    return value.length() <= LONGEST && value.equals(oneLine(value));
  }

  /** A value as a person reads it. */
  static String shown(String value) {
    String line = oneLine(value);
    return "'" + (line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...") + "'";
  }

  /** Values with their counts. */
  static String shown(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(e -> (e.getKey().isEmpty() ? "NULL" : shown(e.getKey())) + " (" + e.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  /** Without line breaks and what else a terminal would obey. */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
