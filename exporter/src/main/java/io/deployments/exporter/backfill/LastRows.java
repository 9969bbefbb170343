package io.deployments.exporter.backfill;

import java.util.Arrays;

/**
 * The newest row of each project within each group: a hash table in two arrays, because there are
 * as many entries as projects in the largest window, times the groups that they are in.
 */
final class LastRows {

  /** Where there is no row. */
  static final long NONE = -1;

  /** Between two thirds and one third full: probing stays short, and it still fits in the cache. */
  private static final double FULLEST = 0.66;

  private long[] keys = new long[1024];
  private long[] rows = new long[1024];
  private int size;

  LastRows() {
    Arrays.fill(rows, NONE);
  }

  /** Notes a row as the newest; returns the one that was, or {@link #NONE}. */
  long put(Project project, ProjectGroup group, long row) {
    if (size >= keys.length * FULLEST) {
      grow();
    }
    return put(key(project, group), row);
  }

  private long put(long key, long row) {
    int i = slot(key);
    while (rows[i] != NONE) {
      if (keys[i] == key) {
        long before = rows[i];
        rows[i] = row;
        return before;
      }
      i = next(i);
    }
    keys[i] = key;
    rows[i] = row;
    size++;
    return NONE;
  }

  /**
   * Forgets the newest row.
   *
   * @throws IllegalStateException if there is none
   */
  void remove(Project project, ProjectGroup group) {
    long key = key(project, group);
    int i = slot(key);
    while (keys[i] != key || rows[i] == NONE) {
      if (rows[i] == NONE) {
        throw new IllegalStateException("No row of " + project + " in this group");
      }
      i = next(i);
    }
    size--;
    // What follows moves up, or it would no longer be found; markers would pile up instead.
    int hole = i;
    for (i = next(i); rows[i] != NONE; i = next(i)) {
      int distance = (i - slot(keys[i])) & (keys.length - 1);
      if (distance >= ((i - hole) & (keys.length - 1))) {
        keys[hole] = keys[i];
        rows[hole] = rows[i];
        hole = i;
      }
    }
    rows[hole] = NONE;
  }

  private static long key(Project project, ProjectGroup group) {
    return ((long) project.number() << 32) | (group.number() & 0xFFFFFFFFL);
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & (keys.length - 1);
  }

  private int next(int i) {
    return (i + 1) & (keys.length - 1);
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldRows = rows;
    keys = new long[oldKeys.length * 2];
    rows = new long[oldRows.length * 2];
    Arrays.fill(rows, NONE);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldRows[i] != NONE) {
        put(oldKeys[i], oldRows[i]);
      }
    }
  }
}
