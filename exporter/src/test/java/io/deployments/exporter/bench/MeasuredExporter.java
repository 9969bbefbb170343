package io.deployments.exporter.bench;

import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A server in a process of its own, with the image's flags, and what the system says it uses. */
final class MeasuredExporter implements AutoCloseable {

  private final Process process;
  private final Path log;
  private final int port;
  private final long started = System.nanoTime();

  private MeasuredExporter(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** The jar that {@code mvn package} makes. */
  static Path jar() {
    Path jar = Repository.path("exporter/target/deployment-exporter.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing: mvn -Pbench package exec:java");
    }
    return jar;
  }

  /** The image's start command as far as {@code -jar}, in a container of 256 MB. */
  static List<String> command(Path javaHome, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                javaHome.resolve("bin/java").toString(),
                "@" + Repository.path("exporter/image/jvm.options"),
                "-XX:MaxRAM=256m"));
    command.addAll(List.of(options));
    return command;
  }

  /** The exporter's jar, on a database. */
  static MeasuredExporter start(
      Path folder, List<String> command, TestDatabase database, String... settings)
      throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("-jar", jar().toString()));
    return start(folder, whole, TestDatabase.environmentFor(database.url(), settings));
  }

  /** Any command that serves at {@code LISTEN_ADDRESS}. */
  static MeasuredExporter start(Path folder, List<String> command, Map<String, String> environment)
      throws IOException {
    int port = InstalledProgram.freePort();
    Path log = folder.resolve("exporter.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("LISTEN_ADDRESS", "127.0.0.1:" + port);
    return new MeasuredExporter(builder.start(), log, port);
  }

  /** Where it serves. */
  int port() {
    return port;
  }

  /** Waits for a page of metrics that has the text, and says how long that took from the start. */
  Duration awaitPage(String text) {
    while (true) {
      try (PageClient client = new PageClient(port, "/metrics")) {
        while (true) {
          if (new String(client.get(), StandardCharsets.UTF_8).contains(text)) {
            return Duration.ofNanos(System.nanoTime() - started);
          }
          LockSupport.parkNanos(2_000_000);
        }
      } catch (IOException e) {
        // Not listening yet.
        if (!process.isAlive() || System.nanoTime() - started > 60_000_000_000L) {
          throw new IllegalStateException("No page with " + text + ": " + log(), e);
        }
        LockSupport.parkNanos(2_000_000);
      }
    }
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Processor time since its start, on all cores. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Resident memory in bytes. */
  long resident() {
    long resident = ProcessMemory.of(process).resident();
    if (resident == 0) {
      throw new IllegalStateException("No memory is known of the exporter: " + log());
    }
    return resident;
  }

  @Override
  public void close() {
    InstalledProgram.stop(process);
  }
}
