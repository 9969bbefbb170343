package io.deployments.exporter.demo;

import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A Prometheus on the loopback interface with this repository's configuration and rules, and a
 * folder of its own for its samples.
 */
public final class DemoPrometheus implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  /** The target of {@code prometheus/prometheus.yml}. */
  private static final String TARGET = "\"exporter:9079\"";

  private static final String RULES = "- rules/*.yml";

  private final ServerProcess process;
  private final URI address;

  private DemoPrometheus(ServerProcess process, URI address) {
    this.process = process;
    this.address = address;
  }

  /**
   * The program to run: {@code PROMETHEUS_BIN}, else {@code prometheus} on the PATH.
   *
   * @throws IllegalStateException if {@code PROMETHEUS_BIN} names no program
   */
  public static Optional<Path> program() {
    String named = System.getenv("PROMETHEUS_BIN");
    if (named == null || named.isEmpty()) {
      return InstalledProgram.find("prometheus");
    }
    if (!Files.isExecutable(Path.of(named))) {
      throw new IllegalStateException(
          "PROMETHEUS_BIN is '" + named + "'; it has to be the program prometheus itself");
    }
    return Optional.of(Path.of(named));
  }

  /** The program; where there is none the test is skipped, and says so. */
  public static Path programOrSkip() {
    Path program = program().orElse(null);
    if (program == null) {
      System.out.println("Skipped: needs prometheus on the PATH, or PROMETHEUS_BIN");
    }
    Assumptions.assumeTrue(program != null, "needs prometheus on the PATH, or PROMETHEUS_BIN");
    return program;
  }

  /**
   * Starts it, and waits until it answers. What it has to know of the past has to be in {@code
   * <folder>/data} before.
   *
   * @param configuration what {@link #configuration} made
   * @throws IllegalStateException with the last lines of its log, if it doesn't run
   */
  public static DemoPrometheus start(
      Path program, Path folder, String configuration, int port, String... flags)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                // A history that is older than the retention is deleted at the start.
                "--storage.tsdb.retention.time=10y",
                "--web.listen-address=127.0.0.1:" + port));
    command.addAll(List.of(flags));
    URI address = URI.create("http://127.0.0.1:" + port);
    ServerProcess process =
        ServerProcess.start("Prometheus", folder.resolve("prometheus.log"), Map.of(), command);
    try {
      process.awaitReady(address.resolve("/-/ready"), START);
      return new DemoPrometheus(process, address);
    } catch (IllegalStateException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  /**
   * This repository's {@code prometheus.yml} for other targets.
   *
   * @param rules a folder of rule files, or a pattern of their names
   */
  public static String configuration(Path rules, String... targets) throws IOException {
    String configuration = Files.readString(Repository.path("prometheus/prometheus.yml"));
    if (!configuration.contains(TARGET) || !configuration.contains(RULES)) {
      throw new IllegalStateException(
          "prometheus/prometheus.yml no longer has " + TARGET + " and " + RULES);
    }
    return configuration
        .replace(TARGET, "\"" + String.join("\", \"", targets) + "\"")
        .replace(RULES, "- " + rules.resolve("*.yml"));
  }

  /** Where it answers. */
  public URI address() {
    return address;
  }

  /** Its process. */
  ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
