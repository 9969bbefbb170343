package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** docker-compose.yml as users run it, under a name and with ports of its own. */
final class Stack implements AutoCloseable {

  private static final Duration FIRST_START = Duration.ofMinutes(10);

  /** What a command printed, to both of its outputs. */
  record Result(int status, String printed) {}

  private final List<String> compose = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  /**
   * A stack of which nothing runs yet.
   *
   * @param environment beside that of this process, with {@code docker compose}
   * @param overlays files beside docker-compose.yml
   */
  Stack(String name, Map<String, String> environment, Path... overlays) {
    compose.addAll(List.of("docker", "compose", "--ansi=never", "--progress=plain"));
    compose.add("--project-name=deployments-test-" + name);
    compose.add("--file=" + ComposeFile.FILE);
    Stream.of(overlays).forEach(overlay -> compose.add("--file=" + overlay));
    for (String port : List.of("EXPORTER_PORT", "PROMETHEUS_PORT", "GRAFANA_PORT")) {
      this.environment.put(port, InstalledProgram.freePort() + "");
    }
    // One for all, so that what one builds another needs not.
    this.environment.put("REVISION", "tested");
    this.environment.putAll(environment);
  }

  /** Skips the test, with the reason, where no Docker runs. */
  static void orSkip() {
    InstalledProgram.orSkip("docker");
    boolean runs =
        run(Map.of(), "docker", "version").status() == 0
            && run(Map.of(), "docker", "compose", "version").status() == 0;
    if (!runs) {
      System.out.println("Skipped: needs a running Docker, with docker compose");
    }
    Assumptions.assumeTrue(runs, "needs a running Docker, with docker compose");
  }

  static Result run(Map<String, String> environment, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), printed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A command of {@code docker compose}, such as {@code ps}. */
  Result compose(String... arguments) {
    return run(
        environment, Stream.concat(compose.stream(), Stream.of(arguments)).toArray(String[]::new));
  }

  /** The same where it has to succeed. */
  String must(String... arguments) {
    Result result = compose(arguments);
    assertThat(result.status())
        .as(() -> String.join(" ", arguments) + ": " + result.printed())
        .isZero();
    return result.printed();
  }

  /** What a page of the service says; empty if it says nothing, or that something is wrong. */
  String page(String service, int port, String pathAndQuery, String... options) {
    List<String> command = new ArrayList<>(List.of("exec", "-T", service, "wget", "-q", "-O", "-"));
    command.addAll(List.of(options));
    command.add("http://127.0.0.1:" + port + pathAndQuery);
    Result result = compose(command.toArray(String[]::new));
    return result.status() == 0 ? result.printed() : "";
  }

  /** The first value that the stack's PostgreSQL answers; why it didn't, if so. */
  String sql(String statement) {
    return compose(
            "exec",
            "-T",
            "postgres",
            "psql",
            "-h",
            "127.0.0.1",
            "-U",
            "telemetry",
            "-d",
            "telemetry",
            "-At",
            "-c",
            statement)
        .printed()
        .strip();
  }

  /** Waits until that is its answer. */
  void awaitSql(String statement, String answer) {
    Await.until(() -> sql(statement), FIRST_START, () -> sql(statement).equals(answer));
  }

  String container(String service) {
    return must("ps", "--all", "--quiet", service).strip();
  }

  /** Removes containers and volumes. */
  @Override
  public void close() {
    must("--profile=demo", "down", "--volumes", "--timeout=5");
  }
}
