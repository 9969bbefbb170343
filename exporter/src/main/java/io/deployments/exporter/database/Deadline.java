package io.deployments.exporter.database;

import java.time.Duration;

/**
 * The moment by which a piece of work has to end, on the monotonic clock.
 *
 * @param nanoTime as {@link System#nanoTime()} counts
 */
public record Deadline(long nanoTime) {

  /** The deadline that lies the given time ahead. */
  public static Deadline in(Duration timeout) {
    return new Deadline(System.nanoTime() + timeout.toNanos());
  }

  /** What is left, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  /** Whether nothing is left. */
  public boolean hasPassed() {
    return remaining().isZero();
  }
}
