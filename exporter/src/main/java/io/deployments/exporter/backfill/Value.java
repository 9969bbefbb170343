package io.deployments.exporter.backfill;

import io.deployments.exporter.snapshot.LabelValues;

/** A value of a label, with its rows in the largest window. */
final class Value {

  private final String text;
  private final boolean ranked;
  private long rows;

  Value(String text) {
    this.text = text;
    this.ranked = LabelValues.isRanked(text);
  }

  boolean isRanked() {
    return ranked;
  }

  String text() {
    return text;
  }

  long rows() {
    return rows;
  }

  void add(int difference) {
    rows += difference;
  }

  /** Whether it comes before the other one when values are ranked, as {@code Folding} does. */
  boolean ranksBefore(Value other) {
    return rows != other.rows ? rows > other.rows : LabelValues.compareNames(text, other.text) < 0;
  }
}
