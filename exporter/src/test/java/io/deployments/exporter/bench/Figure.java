package io.deployments.exporter.bench;

import java.util.Locale;

/**
 * One line of the table.
 *
 * @param name what was measured
 * @param value in the unit
 * @param unit such as {@code ms}
 * @param counterpart what it is compared with, measured in the same run; empty if with nothing
 * @param ratio to the counterpart, or the value itself
 * @param bar what the ratio should not exceed; infinite where there is no bar
 */
record Figure(
    String name, double value, String unit, String counterpart, double ratio, double bar) {

  /** A figure that stands for itself. */
  static Figure of(String name, double value, String unit, double bar) {
    return new Figure(name, value, unit, "", value, bar);
  }

  /** A figure in relation to another, in the same unit. */
  static Figure ratio(
      String name, double value, String unit, String counterpart, double other, double bar) {
    return new Figure(
        name, value, unit, counterpart + ", " + number(other) + " " + unit, value / other, bar);
  }

  /** The heading of a Markdown table of figures. */
  static String heading() {
    return "| figure | measured | compared with | ratio | bar | |\n|---|---|---|---|---|---|";
  }

  /** The line in Markdown. */
  String line() {
    boolean isCompared = !counterpart.isEmpty();
    return "| %s | %s %s | %s | %s | %s | %s |"
        .formatted(
            name,
            number(value),
            unit,
            isCompared ? counterpart : "–",
            isCompared ? number(ratio) : "–",
            Double.isInfinite(bar) ? "–" : "≤ " + number(bar) + (isCompared ? "" : " " + unit),
            Double.isInfinite(bar) ? "" : ratio <= bar ? "met" : "**missed**");
  }

  /** Three digits that count, as far as that needs decimals. */
  static String number(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
