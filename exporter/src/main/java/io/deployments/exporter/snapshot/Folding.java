package io.deployments.exporter.snapshot;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of one label have series of their own; the rest share {@link LabelValues#OTHER}.
 * This is what keeps the number of series bounded, whatever the table holds.
 *
 * @param values those that are published, {@code other} among them if there is a rest
 * @param folded how many values are in {@code other}, a real one of that name not counted
 */
record Folding(Set<String> values, int folded) {

  /** Copies the set. */
  Folding {
    values = Set.copyOf(values);
  }

  /**
   * Keeps the values with most rows; of two with equally many the first by name.
   *
   * @param rowsByValue rows in the largest window for each value seen
   * @param already how many values were folded before
   * @param always values that are kept whatever their rank, and take their places first
   * @param atMost how many values to keep; {@code other} comes on top
   */
  static Folding of(
      Map<String, Long> rowsByValue, int already, Collection<String> always, int atMost) {
    Set<String> values = new HashSet<>(always);
    List<String> ranked =
        rowsByValue.entrySet().stream()
            .filter(entry -> LabelValues.isRanked(entry.getKey()))
            .filter(entry -> !values.contains(entry.getKey()))
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry::getKey, LabelValues::compareNames))
            .limit(Math.max(0, atMost - values.size()))
            .map(Map.Entry::getKey)
            .toList();
    values.addAll(ranked);
    Set<String> rest = new HashSet<>(rowsByValue.keySet());
    rest.removeAll(values);
    boolean hasOther = rest.remove(LabelValues.OTHER);
    if (hasOther || !rest.isEmpty()) {
      values.add(LabelValues.OTHER);
    }
    return new Folding(values, already + rest.size());
  }

  /** The label value under which the given value is published. */
  String apply(String value) {
    return values.contains(value) ? value : LabelValues.OTHER;
  }

  /**
   * Whether figures that can't be added up, such as distinct projects, exist for the value: not for
   * {@code other} once something was folded into it.
   */
  boolean hasOwnFigures(String value) {
    return folded == 0 || !value.equals(LabelValues.OTHER);
  }
}
