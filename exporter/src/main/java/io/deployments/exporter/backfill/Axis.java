package io.deployments.exporter.backfill;

import io.deployments.exporter.snapshot.LabelValues;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of one label, and whether those that are published are still the right ones: which
 * ones are is for {@link io.deployments.exporter.snapshot.Snapshot} to say, but asking it at every
 * step would take longer than all the rest.
 */
final class Axis {

  /**
   * Where the values seen stand.
   *
   * @param unranked how many are always kept or never
   */
  private record Ranks(
      int kept, int folded, int unranked, @Nullable Value worstKept, @Nullable Value bestFolded) {}

  private final Set<String> always;
  private final Map<String, Value> seen = new HashMap<>();
  private Set<String> published = Set.of();
  private boolean folding;
  private Ranks then = new Ranks(0, 0, 0, null, null);
  private boolean cameOrWent = true;
  private boolean moved;

  /**
   * An axis without rows.
   *
   * @param always values that are published whatever their rank
   */
  Axis(Collection<String> always) {
    this.always = Set.copyOf(always);
  }

  /** The value of the given text, from now on the same until its last row has gone. */
  Value value(String text) {
    return seen.computeIfAbsent(text, Value::new);
  }

  /** A row with the value came. */
  void enter(Value value) {
    cameOrWent |= value.rows() == 0;
    moved = true;
    value.add(1);
  }

  /** A row with the value has left the largest window. */
  void leave(Value value) {
    value.add(-1);
    moved = true;
    if (value.rows() == 0) {
      seen.remove(value.text());
      cameOrWent = true;
    }
  }

  /** Takes over what a snapshot publishes. */
  void publish(Set<String> values, boolean someAreFolded) {
    published = values;
    folding = someAreFolded;
    then = ranks();
    cameOrWent = false;
    moved = false;
  }

  /** Under which value rows with the given one are published. */
  String published(String value) {
    return published.contains(value) ? value : LabelValues.OTHER;
  }

  /** Whether a snapshot might publish other values than the last one. */
  boolean hasChanged() {
    return folding ? moved && hasOtherRanks() : cameOrWent;
  }

  /**
   * With thousands of values some come and go all the time; only those near the bound matter, and
   * whether all of them would fit.
   */
  private boolean hasOtherRanks() {
    moved = false;
    Ranks now = ranks();
    return now.kept() != then.kept()
        || now.unranked() != then.unranked()
        || Math.min(now.folded(), 2) != Math.min(then.folded(), 2)
        || (now.worstKept() != null
            && now.bestFolded() != null
            && now.bestFolded().ranksBefore(now.worstKept()));
  }

  private Ranks ranks() {
    @Nullable Value worstKept = null;
    @Nullable Value bestFolded = null;
    int kept = 0;
    int folded = 0;
    int unranked = 0;
    for (Value value : seen.values()) {
      if (!isRanked(value)) {
        unranked++;
      } else if (published.contains(value.text())) {
        kept++;
        worstKept = worstKept == null || worstKept.ranksBefore(value) ? value : worstKept;
      } else {
        folded++;
        bestFolded = bestFolded == null || value.ranksBefore(bestFolded) ? value : bestFolded;
      }
    }
    return new Ranks(kept, folded, unranked, worstKept, bestFolded);
  }

  private boolean isRanked(Value value) {
    return value.isRanked() && !always.contains(value.text());
  }
}
