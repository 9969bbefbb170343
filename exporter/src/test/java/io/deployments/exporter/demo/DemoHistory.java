package io.deployments.exporter.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deployments.exporter.backfill.BackfillCommand;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.testing.InstalledProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine;

/** The past of a demo, written by {@code backfill} and made into blocks for a Prometheus. */
public final class DemoHistory {

  /** How far {@code demo-history.sql} reaches back. */
  public static final int DAYS = 120;

  /**
   * Two hours times a power of three, as all blocks, and at multiples of that since 1970: a file of
   * one block is read twice, a file that touches two or three is read so many times more.
   */
  private static final Duration BLOCK = Duration.ofHours(162);

  /** From sample to sample, so that Prometheus sees no gaps. */
  public static final Duration STEP = Duration.ofMinutes(5);

  private final Path promtool;
  private final Map<String, String> settings;

  /**
   * Nothing happens yet.
   *
   * @param prometheus the program; {@code promtool} has to be beside it
   * @param settings the exporter's settings, as environment variables
   * @throws IllegalStateException if there is no {@code promtool}
   */
  public DemoHistory(Path prometheus, Map<String, String> settings) {
    promtool = prometheus.resolveSibling("promtool");
    if (!Files.isExecutable(promtool)) {
      throw new IllegalStateException(
          "There is no promtool beside " + prometheus + ", so no history can be loaded");
    }
    this.settings = Map.copyOf(settings);
  }

  /**
   * Writes 120 days up to a moment into a Prometheus' folder, before its first start.
   *
   * @param instance the target that Prometheus is going to scrape, so that the history joins
   * @param step from sample to sample
   * @param folder the one that {@link DemoPrometheus} is started on
   * @param progress told what is going on
   * @throws IllegalStateException with what was said, if it fails
   */
  public void load(
      String instance, Instant last, Duration step, Path folder, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path text = Files.createDirectory(folder.resolve("history"));
    Path data = Files.createDirectories(folder.resolve("data"));
    long first = last.minus(DAYS, ChronoUnit.DAYS).getEpochSecond();
    // Neither backfill nor promtool keeps more than one core busy.
    ExecutorService loaders =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      ExecutorCompletionService<Void> loaded = new ExecutorCompletionService<>(loaders);
      int blocks = 0;
      for (long start = first; start <= last.getEpochSecond(); blocks++) {
        long next = (start / BLOCK.toSeconds() + 1) * BLOCK.toSeconds();
        Path file = text.resolve(start + ".om");
        String[] history = {
          "--from=" + Instant.ofEpochSecond(start),
          "--to=" + Instant.ofEpochSecond(Math.min(next - 1, last.getEpochSecond())),
          "--step=" + step.toSeconds() + "s",
          "--label=job=deployment-exporter",
          "--label=instance=" + instance,
          "--output=" + file
        };
        loaded.submit(
            () -> {
              write(history);
              load(file, data);
              Files.delete(file);
              return null;
            });
        start = next;
      }
      for (int i = 1; i <= blocks; i++) {
        loaded.take().get();
        progress.accept("history: %d of %d weeks loaded".formatted(i, blocks));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("No history: " + e.getCause().getMessage(), e);
    } finally {
      loaders.shutdownNow();
      loaders.awaitTermination(1, TimeUnit.MINUTES);
    }
    Files.delete(text);
  }

  private void write(String... arguments) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    CommandLine backfill =
        new CommandLine(
            new BackfillCommand(
                    new SettingOptions(),
                    settings,
                    InstantSource.system(),
                    OutputStream.nullOutputStream(),
                    new PrintStream(said, true, UTF_8))
                .spec());
    if (backfill.execute(arguments) != 0) {
      throw new IOException(said.toString(UTF_8));
    }
  }

  private void load(Path file, Path data) throws IOException, InterruptedException {
    Path log = file.resolveSibling(file.getFileName() + ".log");
    Process process =
        new ProcessBuilder(
                promtool.toString(),
                "tsdb",
                "create-blocks-from",
                // Two hours otherwise, and the whole file is read for every block.
                "--max-block-duration=" + BLOCK.toHours() + "h",
                "openmetrics",
                file.toString(),
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(Files.readString(log));
      }
      Files.delete(log);
    } finally {
      InstalledProgram.stop(process);
    }
  }
}
