package io.deployments.exporter.backfill;

import java.time.Duration;
import java.time.Instant;

/**
 * The moments that have samples. They are multiples of the step since 1970, so that two histories
 * of one step have the same moments wherever they begin.
 *
 * @param firstSecond the first in Unix seconds
 * @param stepSeconds from one to the next
 * @param count how many there are
 */
record Steps(long firstSecond, long stepSeconds, int count) {

  /** All between two moments, these included. */
  static Steps between(Instant from, Instant to, Duration step) {
    long length = step.toSeconds();
    // Up for the first: it must not lie before what was asked for.
    long first = -Math.floorDiv(-ceilingSecond(from), length) * length;
    long last = Math.floorDiv(to.getEpochSecond(), length) * length;
    return new Steps(first, length, (int) Math.max(0, (last - first) / length + 1));
  }

  private static long ceilingSecond(Instant moment) {
    return moment.getEpochSecond() + (moment.getNano() > 0 ? 1 : 0);
  }

  /** In Unix seconds. */
  long second(int step) {
    return firstSecond + step * stepSeconds;
  }

  /** In microseconds since 1970. */
  long micros(int step) {
    return second(step) * 1_000_000;
  }

  Instant moment(int step) {
    return Instant.ofEpochSecond(second(step));
  }

  Instant last() {
    return moment(count - 1);
  }

  /** Some of them. */
  Steps part(int first, int length) {
    return new Steps(second(first), stepSeconds, Math.min(length, count - first));
  }
}
