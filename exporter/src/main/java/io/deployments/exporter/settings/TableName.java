package io.deployments.exporter.settings;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a table or view.
 *
 * @param parts the table, or the schema and the table, exactly as the database spells them
 */
public record TableName(List<String> parts) {

  /** PostgreSQL cuts longer identifiers off, and would then find another table. */
  private static final int MAX_BYTES = 63;

  private static final Pattern PART = Pattern.compile("\"((?:[^\"]|\"\")+)\"|([^\".]+)");

  /** Copies the list. */
  public TableName {
    parts = List.copyOf(parts);
  }

  /**
   * Reads {@code table} or {@code schema.table}. A bare part is taken literally, case included; a
   * part in double quotes is read as SQL writes it.
   *
   * @throws IllegalArgumentException if the text is no such name
   */
  public static TableName parse(String text) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(text);
    int end = -1;
    while (end < text.length()) {
      if (!matcher.region(end + 1, text.length()).lookingAt()) {
        throw bad();
      }
      parts.add(
          matcher.group(1) != null ? matcher.group(1).replace("\"\"", "\"") : matcher.group(2));
      end = matcher.end();
      if (end < text.length() && text.charAt(end) != '.') {
        throw bad();
      }
    }
    boolean fits =
        parts.stream()
            .allMatch(
                part ->
                    part.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                        && part.indexOf('\0') < 0);
    if (parts.size() > 2 || !fits) {
      throw bad();
    }
    return new TableName(parts);
  }

  private static IllegalArgumentException bad() {
    return new IllegalArgumentException(
        "table or schema.table, each part at most 63 bytes, bare or in double quotes");
  }

  /** The name as SQL: every part a quoted identifier. */
  public String quoted() {
    return parts.stream()
        .map(part -> "\"" + part.replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining("."));
  }

  /** As {@link #quoted()}. */
  @Override
  public String toString() {
    return quoted();
  }
}
