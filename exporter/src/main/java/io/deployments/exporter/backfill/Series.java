package io.deployments.exporter.backfill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * One series, noted where it changes: most have the same value for many steps, so this is a small
 * part of its text, which has a line for every step.
 *
 * <p>A change is two numbers of seven bits a byte, the low ones first: the steps since the last
 * change, doubled, plus 1 if the series ends there; and, unless it does, the difference of the
 * values' bits, folded so that small ones are short in both directions.
 *
 * <p>Throws {@link UncheckedIOException} when the temporary file can't be written.
 */
final class Series {

  /** The bytes that a change may have. */
  private static final int CHANGE = 5 + 10;

  /** The largest piece; a series that changes seldom never gets there. */
  private static final int PIECE = 1024;

  private final String name;
  private final Figure figure;
  private final Spool spool;
  private byte[] changes = new byte[32];
  private int length;
  private long lastPiece = Spool.NOWHERE;
  private int lastStep;
  private boolean present;
  private long value;

  /**
   * A series without samples.
   *
   * @param name with its labels, as OpenMetrics writes it
   */
  Series(String name, Figure figure, Spool spool) {
    this.name = name;
    this.figure = figure;
    this.spool = spool;
  }

  String name() {
    return name;
  }

  /** From this step on it has the value. */
  void set(int step, long newValue) {
    if (present && newValue == value) {
      return;
    }
    makeRoom();
    put(((long) (step - lastStep) << 1));
    long difference = newValue - value;
    put((difference << 1) ^ (difference >> 63));
    lastStep = step;
    value = newValue;
    present = true;
  }

  /** From this step on it has no value. */
  void end(int step) {
    if (!present) {
      return;
    }
    makeRoom();
    put(((long) (step - lastStep) << 1) | 1);
    lastStep = step;
    present = false;
  }

  private void put(long number) {
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      changes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    changes[length++] = (byte) rest;
  }

  private void makeRoom() {
    if (length + CHANGE <= changes.length) {
      return;
    }
    if (changes.length < PIECE) {
      changes = Arrays.copyOf(changes, changes.length * 2);
    } else {
      flush();
    }
  }

  private void flush() {
    if (length == 0) {
      return;
    }
    try {
      lastPiece = spool.append(lastPiece, changes, length);
      length = 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Gives its samples to the sink, as runs of one value.
   *
   * @param steps how many steps there are
   * @throws IOException of the temporary file or the sink
   */
  void replay(int steps, SampleSink sink) throws IOException {
    flush();
    byte[] all = spool.read(lastPiece);
    Changes changes = new Changes(all);
    int from = 0;
    long current = 0;
    boolean running = false;
    while (changes.hasNext()) {
      long head = changes.next();
      int step = from + (int) (head >>> 1);
      if (running && step > from) {
        sink.run(name, figure.text(current), from, step);
      }
      running = (head & 1) == 0;
      if (running) {
        long folded = changes.next();
        current += (folded >>> 1) ^ -(folded & 1);
      }
      from = step;
    }
    if (running) {
      sink.run(name, figure.text(current), from, steps);
    }
  }

  /** The numbers that {@link #put} has written. */
  private static final class Changes {
    private final byte[] bytes;
    private int position;

    Changes(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasNext() {
      return position < bytes.length;
    }

    long next() {
      long number = 0;
      int shift = 0;
      byte b;
      do {
        b = bytes[position++];
        number |= (long) (b & 0x7F) << shift;
        shift += 7;
      } while (b < 0);
      return number;
    }
  }
}
