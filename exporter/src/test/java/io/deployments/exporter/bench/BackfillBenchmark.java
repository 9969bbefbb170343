package io.deployments.exporter.bench;

import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A history of 365 days at steps of five minutes: time and memory, in a JVM of its own whose heap
 * is bounded.
 */
final class BackfillBenchmark {

  private static final String HEAP = "64m";

  private static final Pattern WROTE = Pattern.compile("Wrote ([0-9,]+) samples ");

  private final Path folder;
  private final long rows;

  /**
   * A benchmark.
   *
   * @param folder for the log
   */
  BackfillBenchmark(Path folder, long rows) {
    this.folder = folder;
    this.rows = rows;
  }

  List<Figure> figures() throws IOException, InterruptedException {
    try (TestDatabase database = TestDatabase.create().run("schema.sql")) {
      // 60,000 projects over time, 24 combinations of network and template; a month before the
      // year too, so that the windows are full from the first step on.
      database.execute(
          """
          INSERT INTO deployments
          SELECT md5((i * 60000.0 / %1$d + 3000 * random())::int::text)::uuid::text,
                 CASE WHEN random() < 0.55 THEN 'metis' ELSE 'hyperion' END,
                 'template-' || floor(12 * random() ^ 1.5),
                 CASE WHEN random() < 0.9 THEN 'success' WHEN random() < 0.9 THEN 'failed' ELSE 'pending' END,
                 now() - (1 - i / %1$d.0) * interval '395 days'
          FROM generate_series(1, %1$d) AS i
          """
              .formatted(rows));
      database.execute("VACUUM ANALYZE deployments");
      return measure(database);
    }
  }

  private List<Figure> measure(TestDatabase database) throws IOException, InterruptedException {
    Path log = folder.resolve("backfill.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + HEAP,
            "-jar",
            MeasuredExporter.jar().toString(),
            "backfill",
            "--from=" + Instant.now().minus(365, ChronoUnit.DAYS),
            "--label=job=deployment-exporter",
            "--label=instance=exporter:9079",
            "--output=-");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DATABASE_URL", database.url());
    builder.environment().put("DATABASE_USER", "postgres");
    long start = System.nanoTime();
    Process process =
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(log.toFile()).start();
    long peak = 0;
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, ProcessMemory.of(process).peak());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    String messages = Files.readString(log);
    Matcher wrote = WROTE.matcher(messages);
    if (process.exitValue() != 0 || !wrote.find()) {
      throw new IllegalStateException(messages);
    }
    double samples = Long.parseLong(wrote.group(1).replace(",", "")) / 1e6;
    String name = "a year of history, -Xmx" + HEAP;
    return List.of(
        new Figure(
            name + " (" + Figure.number(samples) + " million samples)",
            samples / seconds,
            "million samples/s",
            "",
            0,
            Double.POSITIVE_INFINITY),
        Figure.of(name + ": peak resident memory", peak / 1e6, "MB", 256));
  }
}
