package io.deployments.exporter.backfill;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** An output that is being written: its files get their names only when all are complete. */
final class Destination implements Closeable {

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'history-'yyyy-MM-dd'T'HHmmss'Z.om'").withZone(ZoneOffset.UTC);

  private record Unfinished(Path temporary, Path target) {}

  private final Output output;
  private final OutputStream standardOutput;
  private final List<Unfinished> files = new ArrayList<>();
  private boolean madeFolder;

  /**
   * Prepares the output.
   *
   * @param standardOutput what is meant by it; it is never closed
   * @throws IOException if a folder can't be made, or holds files of another history
   */
  Destination(Output output, OutputStream standardOutput) throws IOException {
    this.output = output;
    this.standardOutput = standardOutput;
    if (output instanceof Output.Folder folder) {
      if (Files.exists(folder.path())) {
        refuseOtherHistory(folder.path());
      } else {
        Files.createDirectory(folder.path());
        // For a signal: a folder that has files in it stays.
        folder.path().toFile().deleteOnExit();
        madeFolder = true;
      }
    }
  }

  /** Two histories in one folder would be loaded one over the other. */
  private static void refuseOtherHistory(Path folder) throws IOException {
    try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, "*.om")) {
      for (Path other : others) {
        throw new IOException(folder + " already holds " + other.getFileName() + ": remove it");
      }
    }
  }

  /**
   * Opens a file, or the only one; closing it does not yet give it its name.
   *
   * @param first the moment of its first samples
   * @throws IOException if it can't be created
   */
  OutputStream open(Instant first) throws IOException {
    if (output instanceof Output.SingleFile file) {
      OutputStream out = create(file.path());
      return file.isCompressed() ? new FastGzip(out) : out;
    }
    if (output instanceof Output.Folder folder) {
      return create(folder.path().resolve(NAME.format(first)));
    }
    return new FilterOutputStream(standardOutput) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  private OutputStream create(Path target) throws IOException {
    // Not the library's temporary files: only their owner could read them under any name.
    String random = Long.toString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + random + ".tmp");
    OutputStream out =
        Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    temporary.toFile().deleteOnExit();
    files.add(new Unfinished(temporary, target));
    return out;
  }

  /**
   * Gives the files their names.
   *
   * @throws IOException if that fails
   */
  void complete() throws IOException {
    for (Unfinished file : files) {
      Files.move(
          file.temporary(),
          file.target(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
    madeFolder = false;
    files.clear();
  }

  /** Deletes what is not complete. */
  @Override
  public void close() throws IOException {
    for (Unfinished file : files) {
      Files.deleteIfExists(file.temporary());
    }
    if (madeFolder && output instanceof Output.Folder folder) {
      Files.deleteIfExists(folder.path());
    }
  }

  /** The lines are so much alike that more effort makes the file only a little smaller. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
