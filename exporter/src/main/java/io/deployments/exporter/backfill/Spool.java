package io.deployments.exporter.backfill;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A temporary file for pieces of many series, written in whatever order they come. Each piece names
 * the one before it in its series, so that nothing is kept in memory but where the last one is.
 */
final class Spool implements Closeable {

  /** Where there is no piece. */
  static final long NOWHERE = -1;

  private static final int HEADER = Long.BYTES + Integer.BYTES;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer pending = ByteBuffer.allocateDirect(1 << 18);
  private final ByteBuffer header = ByteBuffer.allocate(HEADER);
  private long size;

  /**
   * Creates the file.
   *
   * @throws IOException if it can't be created
   */
  Spool(Path folder) throws IOException {
    file = Files.createTempFile(folder, ".backfill-", ".spool");
    file.toFile().deleteOnExit();
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /**
   * Adds a piece, of at most some thousand bytes, and returns where it is.
   *
   * @param before where the piece before it in its series is
   * @throws IOException if the file can't be written, for example because the disk is full
   */
  long append(long before, byte[] piece, int length) throws IOException {
    if (pending.remaining() < HEADER + length) {
      flush();
    }
    pending.putLong(before).putInt(length).put(piece, 0, length);
    long place = size;
    size += HEADER + length;
    return place;
  }

  private void flush() throws IOException {
    pending.flip();
    while (pending.hasRemaining()) {
      channel.write(pending);
    }
    pending.clear();
  }

  /**
   * All pieces of a series in order, as one.
   *
   * @param last where its last piece is
   */
  byte[] read(long last) throws IOException {
    flush();
    int length = 0;
    for (long place = last; place != NOWHERE; place = header.getLong(0)) {
      fill(header.clear(), place);
      length += header.getInt(Long.BYTES);
    }
    byte[] pieces = new byte[length];
    for (long place = last; place != NOWHERE; place = header.getLong(0)) {
      fill(header.clear(), place);
      int piece = header.getInt(Long.BYTES);
      length -= piece;
      fill(ByteBuffer.wrap(pieces, length, piece), place + HEADER);
    }
    return pieces;
  }

  private void fill(ByteBuffer target, long place) throws IOException {
    long from = place;
    while (target.hasRemaining()) {
      int read = channel.read(target, from);
      if (read < 0) {
        throw new EOFException("The temporary file " + file + " was cut off");
      }
      from += read;
    }
  }

  /** Bytes on disk. */
  long size() {
    return size;
  }

  /** Empties it. */
  void clear() throws IOException {
    pending.clear();
    channel.truncate(0);
    channel.position(0);
    size = 0;
  }

  /** Deletes the file. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
