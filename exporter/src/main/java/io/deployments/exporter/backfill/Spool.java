package io.deployments.exporter.backfill;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file for pieces of many series, written in whatever order they come. Each piece names
 * the one before it in its series, so that nothing is kept in memory but where the last one is.
 *
 * <p>Where no file can be, as in a container that can write nowhere, memory takes its place.
 */
final class Spool implements Closeable {

  /** Where there is no piece. */
  static final long NOWHERE = -1;

  private static final int HEADER = Long.BYTES + Integer.BYTES;

  private static final int PENDING = 1 << 18;

  /** Null if all is in memory, and stays in {@link #pending}. */
  private final @Nullable FileChannel channel;

  private final int mostInMemory;
  private ByteBuffer pending;
  private final ByteBuffer header = ByteBuffer.allocate(HEADER);
  private long size;

  /**
   * Creates the file.
   *
   * @param folder where; empty for memory instead
   * @param mostInMemory bytes that are too many for memory
   * @throws IOException if it can't be created
   */
  Spool(Optional<Path> folder, int mostInMemory) throws IOException {
    this.mostInMemory = mostInMemory;
    if (folder.isEmpty()) {
      channel = null;
      pending = ByteBuffer.allocate(PENDING);
      return;
    }
    Path file = Files.createTempFile(folder.get(), ".backfill-", ".spool");
    file.toFile().deleteOnExit();
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    pending = ByteBuffer.allocateDirect(PENDING);
  }

  /**
   * Adds a piece, of at most some thousand bytes, and returns where it is.
   *
   * @param before where the piece before it in its series is
   * @throws IOException if the file can't be written, for example because the disk is full, or if
   *     memory is
   */
  long append(long before, byte[] piece, int length) throws IOException {
    if (pending.remaining() < HEADER + length) {
      flush();
    }
    if (pending.remaining() < HEADER + length) {
      grow();
    }
    pending.putLong(before).putInt(length).put(piece, 0, length);
    long place = size;
    size += HEADER + length;
    return place;
  }

  private void flush() throws IOException {
    if (channel == null) {
      return;
    }
    pending.flip();
    while (pending.hasRemaining()) {
      channel.write(pending);
    }
    pending.clear();
  }

  private void grow() throws IOException {
    if (pending.capacity() * 2L > mostInMemory) {
      throw new IOException(
          "no folder for it can be written to, and it does not fit into the memory that there is;"
              + " make the temporary folder writable (/tmp, unless -Djava.io.tmpdir says another),"
              + " or allow more memory");
    }
    pending = ByteBuffer.allocate(pending.capacity() * 2).put(pending.flip());
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
    if (channel == null) {
      target.put(target.position(), pending, (int) place, target.remaining());
      return;
    }
    long from = place;
    while (target.hasRemaining()) {
      int read = channel.read(target, from);
      if (read < 0) {
        throw new EOFException("The temporary file was cut off");
      }
      from += read;
    }
  }

  /** Bytes of all pieces. */
  long size() {
    return size;
  }

  /** Empties it. */
  void clear() throws IOException {
    pending.clear();
    size = 0;
    if (channel != null) {
      channel.truncate(0);
      channel.position(0);
    }
  }

  /** Deletes the file. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
