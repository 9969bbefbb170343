package io.deployments.exporter.testing;

import io.deployments.exporter.Exporter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** An exporter in a process of its own, seen from outside. */
public final class ExporterProcess implements AutoCloseable {

  private static final Pattern SERVING = Pattern.compile("Serving at (https?://[^/]+)/metrics");
  private static final Pattern TOTAL_BYTES = Pattern.compile("(?m)^Total\\s+[0-9]+\\s+([0-9]+)");
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  private final Process process;
  private final Path log;

  private ExporterProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one; it may not serve yet.
   *
   * @param folder where its log goes
   * @param jvmOptions such as {@code -Xmx64m}
   */
  public static ExporterProcess start(
      Path folder, List<String> jvmOptions, Map<String, String> environment, String... arguments) {
    return start(folder, jvmOptions, List.of(), environment, arguments);
  }

  /**
   * Starts one that is changed.
   *
   * @param changed folders with classes and resources that take the place of its own
   */
  public static ExporterProcess startChanged(
      Path folder, List<Path> changed, Map<String, String> environment) {
    return start(folder, List.of(), changed, environment);
  }

  private static ExporterProcess start(
      Path folder,
      List<String> jvmOptions,
      List<Path> changed,
      Map<String, String> environment,
      String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA_HOME.resolve("bin/java").toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(
        Stream.concat(changed.stream().map(Path::toString), Stream.of(classPath()))
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(Exporter.class.getName());
    command.addAll(List.of(arguments));
    Path log = folder.resolve("exporter.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DATABASE_"));
    builder.environment().putAll(environment);
    try {
      return new ExporterProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That of the jar: what the tests have of their own, such as how to log, is left out. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.replaceFirst("/$", "").endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Waits until it serves, and gives a client for its pages. */
  public ExporterClient client() {
    Await.until(this::log, Duration.ofMinutes(2), () -> SERVING.matcher(log()).find());
    Matcher serving = SERVING.matcher(log());
    if (!serving.find()) {
      throw new AssertionError(log());
    }
    return new ExporterClient(serving.group(1));
  }

  /** What it has logged. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many lines of its log contain the text. */
  public long logged(String text) {
    return log().lines().filter(line -> line.contains(text)).count();
  }

  /** The process itself. */
  public Process process() {
    return process;
  }

  /**
   * What it holds on to. Its objects are counted one by one after garbage was collected: the memory
   * that the JVM reports comes in regions of a megabyte, with what a scrape for it left behind.
   *
   * <p>The least of three counts: up to Java 21 the JVM counts garbage too when a page is being
   * compressed at that moment, about twice in a thousand times ("GC locker is held; pre-dump GC was
   * skipped").
   */
  public Footprint footprint() {
    long heap = LongStream.generate(this::liveBytes).limit(3).min().orElseThrow();
    return new Footprint(entries("task"), entries("fd"), heap);
  }

  private long liveBytes() {
    try {
      Process jcmd =
          new ProcessBuilder(
                  JAVA_HOME.resolve("bin/jcmd").toString(),
                  String.valueOf(process.pid()),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher total = TOTAL_BYTES.matcher(histogram);
      if (!total.find()) {
        throw new AssertionError("jcmd counted nothing: " + histogram);
      }
      return Long.parseLong(total.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int entries(String folder) {
    try (Stream<Path> entries = Files.list(Path.of("/proc", "" + process.pid(), folder))) {
      return (int) entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Its exit status, if it ends within the time. */
  public int awaitExit(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("Still running after " + timeout + ": " + log());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
