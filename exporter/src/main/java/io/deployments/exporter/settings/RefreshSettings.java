package io.deployments.exporter.settings;

import java.time.Duration;

/**
 * How often to read, and how long that may take.
 *
 * @param interval time from the start of one refresh to the start of the next
 * @param timeout the longest that a refresh may take, connecting included
 * @param stalenessLimit age from which figures are no longer published, unless refreshes are rare
 * @param maxDatabaseShare the share of time, above 0 and up to 1, in which statements of refreshes
 *     may run
 */
public record RefreshSettings(
    Duration interval, Duration timeout, Duration stalenessLimit, double maxDatabaseShare) {

  /**
   * The time from one refresh to the next when statements take as long as given, so that they run
   * no larger a share of the time than is allowed.
   */
  public Duration effectiveInterval(Duration statements) {
    Duration spaced = Duration.ofNanos((long) (statements.toNanos() / maxDatabaseShare));
    return spaced.compareTo(interval) > 0 ? spaced : interval;
  }

  /**
   * The same when statements took that long at the most, and nobody knows whether they worked: no
   * longer than figures stay fresh, as nothing may have been asked of the database.
   */
  public Duration effectiveIntervalAtMost(Duration statements) {
    Duration longest = stalenessLimit.compareTo(interval) > 0 ? stalenessLimit : interval;
    Duration spaced = effectiveInterval(statements);
    return spaced.compareTo(longest) < 0 ? spaced : longest;
  }

  /**
   * The age from which figures are stale: a slow database is given three tries.
   *
   * @param interval the effective one
   */
  public Duration effectiveStalenessLimit(Duration interval) {
    Duration threeTries = interval.multipliedBy(3);
    return threeTries.compareTo(stalenessLimit) > 0 ? threeTries : stalenessLimit;
  }
}
