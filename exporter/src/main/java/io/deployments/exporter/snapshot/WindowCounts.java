package io.deployments.exporter.snapshot;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One count for each window.
 *
 * @param values in the order of {@link Snapshot#windows()}
 */
public record WindowCounts(List<Long> values) {

  /** Copies the values. */
  public WindowCounts {
    values = List.copyOf(values);
  }

  /** A zero for each window. */
  public static WindowCounts zero(int windows) {
    return new WindowCounts(IntStream.range(0, windows).mapToObj(i -> 0L).toList());
  }

  /** The count in the window with the given index in {@link Snapshot#windows()}. */
  public long get(int window) {
    return values.get(window);
  }

  /** The sums, window by window. */
  public WindowCounts plus(WindowCounts other) {
    return new WindowCounts(
        IntStream.range(0, values.size())
            .mapToObj(i -> values.get(i) + other.values.get(i))
            .toList());
  }
}
