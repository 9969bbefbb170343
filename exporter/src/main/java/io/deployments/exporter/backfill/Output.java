package io.deployments.exporter.backfill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where a history goes. */
sealed interface Output {

  /** Short enough that loading a file is quick, long enough that there are not too many. */
  Duration FILE_LENGTH = Duration.ofDays(10);

  /** Standard output, in one piece. */
  record Stream() implements Output {
    @Override
    public String toString() {
      return "standard output";
    }
  }

  /** One file. */
  record SingleFile(Path path) implements Output {
    boolean isCompressed() {
      return path.toString().endsWith(".gz");
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A file for every {@link #FILE_LENGTH} in a folder, which need not exist yet. */
  record Folder(Path path) implements Output {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * Reads what a user gives.
   *
   * @throws IllegalArgumentException that says what is allowed
   */
  static Output parse(String text) {
    if (text.equals("-")) {
      return new Stream();
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("the path of a file or folder, or - ", e);
    }
    boolean folder = !text.isEmpty() && (text.endsWith("/") || Files.isDirectory(path));
    // A folder may be new, but not the one it is in: that would rather be a slip of the pen.
    Path existing = folder && Files.exists(path) ? path : path.toAbsolutePath().getParent();
    if (text.isEmpty() || existing == null || !Files.isDirectory(existing)) {
      throw new IllegalArgumentException("a file or folder within a folder that exists, or -");
    }
    if (!Files.isWritable(existing)) {
      throw new IllegalArgumentException("a place where this user can write");
    }
    if (!folder && Files.exists(path) && !Files.isRegularFile(path)) {
      // It would be replaced by the finished file: a device, for everybody on the machine.
      throw new IllegalArgumentException("an ordinary file; into a pipe or device write with -");
    }
    return folder ? new Folder(path) : new SingleFile(target(path));
  }

  /** Behind a symbolic link the file changes, not the link. */
  private static Path target(Path path) {
    try {
      if (!Files.isSymbolicLink(path)) {
        return path;
      }
      // One that is there may be the end of a chain of links, as that of /dev/stdout is.
      return Files.exists(path)
          ? path.toRealPath()
          : path.resolveSibling(Files.readSymbolicLink(path));
    } catch (IOException e) {
      throw new IllegalArgumentException("a link that can be read", e);
    }
  }

  /** Where temporary files go: beside the output, because there should be room; empty for none. */
  default Optional<Path> place() {
    if (this instanceof SingleFile file) {
      return Optional.ofNullable(file.path().toAbsolutePath().getParent());
    }
    if (this instanceof Folder folder) {
      return Optional.of(folder.path());
    }
    return Optional.empty();
  }
}
