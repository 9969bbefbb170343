package io.deployments.exporter.bench;

import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From the start of the process to a page with deployment families. */
final class StartBenchmark {

  private final Path folder;
  private final TestDatabase database;
  private final int starts;

  /**
   * A benchmark.
   *
   * @param folder for the archives of classes
   * @param database with rows
   * @param starts of each kind; medians count
   */
  StartBenchmark(Path folder, TestDatabase database, int starts) {
    this.folder = folder;
    this.database = database;
    this.starts = starts;
  }

  /** Starts with an archive of classes as this Java makes it, and without. */
  List<Figure> figures(Path javaHome) throws IOException, InterruptedException {
    int javaVersion = PerformanceBenchmark.version(javaHome);
    boolean hasAotCache = javaVersion >= 25;
    Path archive = folder.resolve("classes-" + javaVersion);
    train(javaHome, (hasAotCache ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive);
    double with =
        median(
            starts, javaHome, (hasAotCache ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
    // For comparison only.
    double without = median(3, javaHome);
    return List.of(
        Figure.of(
            "start to the first page with figures, Java %d, %s"
                .formatted(javaVersion, hasAotCache ? "AOT cache" : "class data sharing"),
            with,
            "s",
            hasAotCache ? 1.5 : 2.5),
        Figure.of("the same without that", without, "s", Double.POSITIVE_INFINITY));
  }

  /** As the image's build does it. */
  private void train(Path javaHome, String option) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("sh", Repository.path("exporter/image/train.sh").toString()));
    command.addAll(MeasuredExporter.command(javaHome, option));
    command.addAll(List.of("-jar", MeasuredExporter.jar().toString()));
    Path log = folder.resolve("training.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("PORT", Integer.toString(InstalledProgram.freePort()));
    Process process = builder.start();
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroy();
      throw new IllegalStateException("No archive of classes: " + Files.readString(log));
    }
  }

  private double median(int times, Path javaHome, String... options) throws IOException {
    double[] seconds = new double[times];
    for (int i = 0; i < times; i++) {
      try (MeasuredExporter exporter =
          MeasuredExporter.start(folder, MeasuredExporter.command(javaHome, options), database)) {
        seconds[i] = exporter.awaitPage("deployments_30d{").toNanos() / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seconds[times / 2];
  }
}
