package io.deployments.exporter.database;

import java.util.Arrays;

/** What kind of relation holds the deployments. */
public enum TableKind {
  /** An ordinary table. */
  TABLE('r', "table"),
  /** A table in partitions. */
  PARTITIONED_TABLE('p', "partitioned table"),
  /** A view. */
  VIEW('v', "view"),
  /** A view with stored rows. */
  MATERIALIZED_VIEW('m', "materialized view"),
  /** A table of another server. */
  FOREIGN_TABLE('f', "foreign table");

  private final char letter;
  private final String words;

  TableKind(char letter, String words) {
    this.letter = letter;
    this.words = words;
  }

  /** The kind that {@code pg_class.relkind} stands for. */
  static TableKind of(String relkind) {
    return Arrays.stream(values())
        .filter(kind -> kind.letter == relkind.charAt(0))
        .findFirst()
        .orElseThrow();
  }

  /** For example {@code partitioned table}. */
  @Override
  public String toString() {
    return words;
  }
}
