package io.deployments.exporter.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program of this machine, such as {@code promtool}. */
public final class InstalledProgram {

  private final Path path;

  private InstalledProgram(Path path) {
    this.path = path;
  }

  /** The program; where it is not installed the test is skipped, and says so. */
  public static InstalledProgram orSkip(String name) {
    Path found = find(name).orElse(null);
    if (found == null) {
      System.out.println("Skipped: needs " + name + " on the PATH");
    }
    Assumptions.assumeTrue(found != null, () -> "needs " + name + " on the PATH");
    return new InstalledProgram(found);
  }

  /** Where the program is, if it is installed. */
  public static Optional<Path> find(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs it to its end, within five minutes.
   *
   * @return what it printed
   * @throws AssertionError if it failed
   */
  public String run(String... arguments) {
    try {
      Path log = Files.createTempFile("program-", ".log");
      Process process = start(log, arguments);
      boolean ended = process.waitFor(5, TimeUnit.MINUTES);
      process.destroyForcibly();
      String printed = Files.readString(log);
      Files.delete(log);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(path + " " + List.of(arguments) + ": " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs it to its end on an input, and returns what it printed, whether it succeeded or not. */
  public String runOn(String input, String... arguments) {
    try {
      Path log = Files.createTempFile("program-", ".log");
      Process process = start(log, arguments);
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      process.waitFor();
      String printed = Files.readString(log);
      Files.delete(log);
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it; what it prints goes to the file. */
  public Process start(Path log, String... arguments) {
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a process that this JVM started, and waits for that. */
  public static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  /** A port of the loopback interface that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
