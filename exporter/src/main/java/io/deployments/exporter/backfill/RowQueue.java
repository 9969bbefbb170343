package io.deployments.exporter.backfill;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows within the largest window, oldest first, in a ring of arrays. Rows are numbered in the
 * order in which they came.
 */
final class RowQueue {

  private long[] micros = new long[1024];
  private Combination[] combinations = new Combination[1024];
  private @Nullable Project[] projects = new @Nullable Project[1024];
  private byte[] superseded = new byte[1024];
  private long first;
  private long end;

  /** The number of the oldest row. */
  long first() {
    return first;
  }

  /** The number that the next row gets. */
  long end() {
    return end;
  }

  /** Adds a row; of its project nothing is known if that is null. */
  long add(long createdAtMicros, Combination combination, @Nullable Project project) {
    if (end - first == micros.length) {
      grow();
    }
    int i = index(end);
    micros[i] = createdAtMicros;
    combinations[i] = combination;
    projects[i] = project;
    superseded[i] = 0;
    return end++;
  }

  void removeFirst() {
    projects[index(first)] = null;
    first++;
  }

  long createdAtMicros(long row) {
    return micros[index(row)];
  }

  Combination combination(long row) {
    return combinations[index(row)];
  }

  @Nullable Project project(long row) {
    return projects[index(row)];
  }

  /** Notes that its project has a newer row in the group of the given kind. */
  void supersede(long row, int kind) {
    superseded[index(row)] |= (byte) (1 << kind);
  }

  boolean isSuperseded(long row, int kind) {
    return (superseded[index(row)] & (1 << kind)) != 0;
  }

  private int index(long row) {
    return (int) row & (micros.length - 1);
  }

  private void grow() {
    int old = micros.length;
    int from = index(first);
    micros = Arrays.copyOf(micros, old * 2);
    combinations = Arrays.copyOf(combinations, old * 2);
    projects = Arrays.copyOf(projects, old * 2);
    superseded = Arrays.copyOf(superseded, old * 2);
    // With twice the places a row belongs either where it was or that many places further on.
    boolean upper = (first & old) != 0;
    int begin = upper ? from : 0;
    int length = upper ? old - from : from;
    System.arraycopy(micros, begin, micros, begin + old, length);
    System.arraycopy(combinations, begin, combinations, begin + old, length);
    System.arraycopy(projects, begin, projects, begin + old, length);
    System.arraycopy(superseded, begin, superseded, begin + old, length);
  }
}
