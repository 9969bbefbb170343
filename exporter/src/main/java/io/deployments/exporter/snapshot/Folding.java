package io.deployments.exporter.snapshot;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of one label have series of their own; the rest share {@link LabelValues#OTHER}.
 * This is what keeps the number of series bounded, whatever the table holds.
 *
 * @param kept the values with series of their own
 * @param folded how many values were folded into {@code other}
 */
public record Folding(Set<String> kept, int folded) {

  /** Copies the set. */
  public Folding {
    kept = Set.copyOf(kept);
  }

  /**
   * Keeps the values with most rows; of two with equally many the first by name.
   *
   * @param rowsByValue rows in the largest window for each value seen
   * @param always values that are kept whatever their rank, and take their places first
   * @param atMost how many values to keep; {@code other} comes on top
   */
  static Folding of(Map<String, Long> rowsByValue, Collection<String> always, int atMost) {
    Set<String> kept = new LinkedHashSet<>(always);
    List<String> ranked =
        rowsByValue.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .filter(value -> !kept.contains(value) && !value.equals(LabelValues.OTHER))
            .toList();
    int places = Math.min(ranked.size(), Math.max(0, atMost - kept.size()));
    kept.addAll(ranked.subList(0, places));
    return new Folding(kept, ranked.size() - places);
  }

  /** The label value under which the given value is published. */
  public String apply(String value) {
    return kept.contains(value) ? value : LabelValues.OTHER;
  }

  /**
   * Whether figures that can't be added up, such as distinct projects, exist for the value: not for
   * {@code other} once something was folded into it.
   */
  boolean hasOwnFigures(String value) {
    return kept.contains(value) || (folded == 0 && value.equals(LabelValues.OTHER));
  }
}
