package io.deployments.exporter.bench;

import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures everything that has a bar, each figure with its counterpart in the same run, prints the
 * tables, and writes them to {@code docs/performance.md}:
 *
 * <pre>
 * mvn -Pbench package exec:java                            # 1 million rows
 * mvn -Pbench package exec:java -Dexec.args=--full         # 10 million
 * mvn -Pbench package exec:java -Dexec.args=--rows=10000   # any other number: only prints
 * </pre>
 */
public final class PerformanceBenchmark {

  private static final long QUICK = 1_000_000;
  private static final long FULL = 10_000_000;

  /** A start is measured over this many rows. */
  private static final long SMALL = 20_000;

  private static final Path PAGE = Path.of("docs", "performance.md");

  private final long rows;
  private final Path folder;

  private PerformanceBenchmark(long rows, Path folder) {
    this.rows = rows;
    this.folder = folder;
  }

  /** Runs all of it. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RunnerException {
    long rows = QUICK;
    for (String argument : arguments) {
      if (argument.equals("--full")) {
        rows = FULL;
      } else if (argument.matches("--rows=[1-9][0-9]{3,8}")) {
        rows = Long.parseLong(argument.substring("--rows=".length()));
      } else {
        throw new IllegalArgumentException(
            argument + "; allowed: --full, or --rows= with a number from 1000 on");
      }
    }
    // JMH starts its own JVM with it.
    System.setProperty("java.class.path", ClassPath.ofThis());
    Path folder = Files.createTempDirectory("benchmark-");
    try {
      new PerformanceBenchmark(rows, folder).run();
    } finally {
      delete(folder);
    }
  }

  private void run() throws IOException, InterruptedException, RunnerException {
    MeasuredExporter.jar();
    List<Figure> figures = new ArrayList<>();
    Path newest = javaHomes().get(javaHomes().size() - 1);
    say("Refreshes over %,d rows", rows);
    double seconds;
    try (TestDatabase database = RefreshBenchmark.rows(rows)) {
      figures.addAll(RefreshBenchmark.ratios(database));
      figures.addAll(RefreshBenchmark.politeness(folder, newest, database));
      seconds = RefreshBenchmark.refreshes(database);
    }
    say("Refreshes as tables grow");
    figures.addAll(RefreshBenchmark.growth(rows, seconds));
    figures.addAll(RefreshBenchmark.olderRows(Math.max(1_000, rows / 100), rows));
    try (TestDatabase database = RefreshBenchmark.rows(SMALL)) {
      say("Scrapes");
      figures.addAll(new ScrapeBenchmark(folder, newest, database).figures());
      say("Starts");
      for (Path javaHome : javaHomes()) {
        figures.addAll(new StartBenchmark(folder, database, 10).figures(javaHome));
      }
    }
    say("A year of history");
    figures.addAll(new BackfillBenchmark(folder, rows).figures());
    say("In the process");
    figures.addAll(inProcess());
    String table =
        "%s, %,d rows, %s, %s\n\n%s\n%s\n"
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                rows,
                machine(),
                javaHomes().stream()
                    .map(PerformanceBenchmark::version)
                    .map(version -> "Java " + version)
                    .collect(Collectors.joining(" and ")),
                Figure.heading(),
                figures.stream().map(Figure::line).collect(Collectors.joining("\n")));
    System.out.println("\n" + table);
    if (rows == QUICK || rows == FULL) {
      write(rows == QUICK ? "quick" : "full", table);
    }
  }

  private static void say(String text, Object... arguments) {
    System.out.printf(Locale.ROOT, "== " + text + "%n", arguments);
  }

  /** What a snapshot and what a scrape takes; there is no bar. */
  private static List<Figure> inProcess() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(PageBenchmark.class.getName())
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    return results.stream()
        .map(
            result ->
                new Figure(
                    "in the process: `" + result.getPrimaryResult().getLabel() + "`",
                    result.getPrimaryResult().getScore(),
                    "µs",
                    "",
                    0,
                    Double.POSITIVE_INFINITY))
        .toList();
  }

  /** Of the running Java, and of the newest beside it if that is another; oldest first. */
  static List<Path> javaHomes() throws IOException {
    Path running = Path.of(System.getProperty("java.home")).toRealPath();
    Map<Integer, Path> byVersion = new TreeMap<>();
    try (Stream<Path> homes = Files.list(running.getParent())) {
      for (Path home :
          homes.filter(home -> Files.isRegularFile(home.resolve("release"))).toList()) {
        byVersion.putIfAbsent(version(home), home);
      }
    }
    byVersion.keySet().removeIf(version -> version < Runtime.version().feature());
    byVersion.put(Runtime.version().feature(), running);
    List<Path> homes = List.copyOf(byVersion.values());
    return homes.size() == 1 ? homes : List.of(homes.get(0), homes.get(homes.size() - 1));
  }

  /** The feature release of a Java, from its {@code release} file. */
  static int version(Path home) {
    try {
      return Files.readAllLines(home.resolve("release")).stream()
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("^JAVA_VERSION=\"([0-9]+).*", "$1"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String machine() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    String model =
        Files.exists(processors)
            ? Files.readAllLines(processors).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceAll(".*:\\s*", ""))
                .findFirst()
                .orElse("")
            : "";
    return "%d × %s, %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model.isEmpty() ? System.getProperty("os.arch") : model,
            System.getProperty("os.name"));
  }

  /** Replaces what is between the marks of that name. */
  private static void write(String name, String table) throws IOException {
    Path page = Repository.path(PAGE.toString());
    String text = Files.readString(page);
    String begin = "<!-- begin " + name + " -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf("<!-- end " + name + " -->");
    if (from < begin.length() || to < from) {
      throw new IllegalStateException(page + " has no marks for " + name);
    }
    Files.writeString(page, text.substring(0, from) + table + text.substring(to));
    System.out.println("Written to " + PAGE);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
