package io.deployments.exporter.backfill;

import io.deployments.exporter.snapshot.DeploymentCount;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The series of one published network, template and status: its deployments in each window, and
 * when the newest was created.
 */
final class PublishedCounts {

  private final long[] counts;
  private long newestMicros;
  private final Series[] series;
  private final Series lastCreated;

  /**
   * Starts with what a snapshot says.
   *
   * @param series one for each window
   */
  PublishedCounts(DeploymentCount count, Series[] series, Series lastCreated) {
    this.counts = count.counts().values().stream().mapToLong(Long::longValue).toArray();
    this.newestMicros =
        count.lastCreated().map(time -> ChronoUnit.MICROS.between(Instant.EPOCH, time)).orElse(0L);
    this.series = series;
    this.lastCreated = lastCreated;
  }

  /** Takes in rows that have not been told one by one. */
  void add(Combination rows) {
    for (int window = 0; window < counts.length; window++) {
      counts[window] += rows.count(window);
    }
    newestMicros = Math.max(newestMicros, rows.newestMicros());
  }

  void enter(long createdAtMicros) {
    newestMicros = createdAtMicros;
    for (int window = 0; window < counts.length; window++) {
      counts[window]++;
    }
  }

  void leave(int window) {
    counts[window]--;
  }

  long count(int window) {
    return counts[window];
  }

  void publish(int step) {
    for (int window = 0; window < counts.length; window++) {
      series[window].set(step, counts[window]);
    }
    if (counts[counts.length - 1] > 0) {
      lastCreated.set(step, newestMicros);
    } else {
      lastCreated.end(step);
    }
  }
}
