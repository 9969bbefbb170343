package io.deployments.exporter.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server of this machine as a child of this JVM, with what it logs. */
public final class ServerProcess implements AutoCloseable {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final int LAST_LINES = 12;

  private final String name;
  private final Path log;
  private final Process process;

  private ServerProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts it; it need not answer yet.
   *
   * @param name what people call it
   * @param log where its output goes
   * @param environment variables on top of this JVM's
   * @throws IllegalStateException if it can't be run
   */
  public static ServerProcess start(
      String name, Path log, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      return new ServerProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new IllegalStateException(name + " did not start: " + e.getMessage(), e);
    }
  }

  /**
   * Waits until a page answers with 200.
   *
   * @throws IllegalStateException with the last lines of the log, if the process ends or the page
   *     does not answer in time
   */
  public void awaitReady(URI page, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    HttpRequest request = HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(5)).build();
    while (true) {
      if (!process.isAlive()) {
        throw new IllegalStateException(ending());
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "%s did not answer at %s within %d s%s"
                .formatted(name, page, timeout.toSeconds(), lastLines()));
      }
      try {
        if (CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /**
   * Has somebody told, with the last lines of the log, if the process fails later on. One that was
   * asked to end, as all are by Ctrl-C on a terminal, has not failed.
   */
  public void onFailure(Consumer<String> told) {
    CompletableFuture<?> unused =
        process
            .onExit()
            .thenRun(
                () -> {
                  if (process.exitValue() != 0) {
                    told.accept(ending());
                  }
                });
  }

  private String ending() {
    return name + " ended with exit code " + process.exitValue() + lastLines();
  }

  private String lastLines() {
    List<String> lines = log();
    return lines.stream()
        .skip(Math.max(0, lines.size() - LAST_LINES))
        .reduce("; the last lines of its log:", (all, line) -> all + "\n    " + line);
  }

  /** The lines of its log so far. */
  public List<String> log() {
    try {
      return Files.exists(log)
          ? new String(Files.readAllBytes(log), UTF_8).lines().toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to end, and waits for that. */
  @Override
  public void close() {
    InstalledProgram.stop(process);
  }
}
