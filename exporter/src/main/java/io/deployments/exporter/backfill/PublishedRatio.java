package io.deployments.exporter.backfill;

import java.util.ArrayList;
import java.util.List;

/** The series of one network's success ratio, one for each window. */
final class PublishedRatio {

  private final List<PublishedCounts> all = new ArrayList<>();
  private final List<PublishedCounts> successful = new ArrayList<>();
  private final Series[] series;

  PublishedRatio(Series[] series) {
    this.series = series;
  }

  /** Includes a part of the network's deployments. */
  void add(PublishedCounts counts, boolean success) {
    all.add(counts);
    if (success) {
      successful.add(counts);
    }
  }

  void publish(int step) {
    for (int window = 0; window < series.length; window++) {
      long total = sum(all, window);
      if (total > 0) {
        double ratio = sum(successful, window) / (double) total;
        series[window].set(step, Double.doubleToLongBits(ratio));
      } else {
        series[window].end(step);
      }
    }
  }

  private static long sum(List<PublishedCounts> counts, int window) {
    long sum = 0;
    for (int i = 0; i < counts.size(); i++) {
      sum += counts.get(i).count(window);
    }
    return sum;
  }
}
