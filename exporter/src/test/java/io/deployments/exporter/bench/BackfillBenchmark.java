package io.deployments.exporter.bench;

import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A history of 365 days at steps of five minutes from a million rows: time, samples per second, and
 * memory, each in a JVM of its own whose heap is bounded.
 *
 * <pre>
 * mvn -Pbench test-compile exec:java [-Dexec.args=1000000]
 * </pre>
 */
public final class BackfillBenchmark {

  private static final Pattern WROTE = Pattern.compile("Wrote ([0-9,]+) samples .*: (.*) of text");
  private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s*([0-9]+) kB");

  private BackfillBenchmark() {}

  /** Prints the table; the argument is the number of rows. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    Path folder = Files.createTempDirectory("backfill-benchmark-");
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
      System.out.printf(
          Locale.ROOT, "%,d rows over 395 days, 365 days of samples every 5 minutes%n%n", rows);
      System.out.printf(
          "%-16s %-6s %8s %12s %14s %10s %14s%n",
          "output", "heap", "seconds", "samples", "samples/s", "text", "peak resident");
      measure(database, "256m", folder, "-");
      measure(database, "64m", folder, "-");
      measure(database, "256m", folder, "history.om");
      measure(database, "256m", folder, "history.om.gz");
      measure(database, "256m", folder, "history/");
    } finally {
      delete(folder);
    }
  }

  private static void measure(TestDatabase database, String heap, Path folder, String output)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                classPath(),
                "io.deployments.exporter.Exporter",
                "backfill",
                "--from=" + Instant.now().minus(365, ChronoUnit.DAYS),
                "--label=job=deployment-exporter",
                "--label=instance=exporter:9079",
                "--output=" + (output.equals("-") ? output : folder + "/" + output)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DATABASE_URL", database.url());
    builder.environment().put("DATABASE_USER", "postgres");
    long start = System.nanoTime();
    Process process =
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(log.toFile()).start();
    long resident = 0;
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      resident = Math.max(resident, residentKilobytes(process));
    }
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
    String messages = Files.readString(log);
    Matcher wrote = WROTE.matcher(messages);
    if (process.exitValue() != 0 || !wrote.find()) {
      throw new IllegalStateException(messages);
    }
    long samples = Long.parseLong(wrote.group(1).replace(",", ""));
    System.out.printf(
        Locale.ROOT,
        "%-16s %-6s %8.1f %,12d %,14.0f %10s %11d MB%n",
        output.equals("-") ? "stdout" : output,
        heap,
        seconds,
        samples,
        samples / seconds,
        wrote.group(2),
        resident / 1024);
    delete(folder.resolve(output.equals("-") ? "log" : output));
  }

  /** Within {@code exec:java} the class path is the class loader's, not the JVM's. */
  private static String classPath() {
    if (BackfillBenchmark.class.getClassLoader() instanceof java.net.URLClassLoader loader) {
      return Stream.of(loader.getURLs())
          .map(url -> Path.of(java.net.URI.create(url.toString())).toString())
          .reduce((a, b) -> a + System.getProperty("path.separator") + b)
          .orElseThrow();
    }
    return System.getProperty("java.class.path");
  }

  private static long residentKilobytes(Process process) {
    try {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      Matcher matcher = RESIDENT.matcher(Files.readString(status));
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    } catch (IOException e) {
      // It has ended between two looks, or this is no Linux.
      return 0;
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
