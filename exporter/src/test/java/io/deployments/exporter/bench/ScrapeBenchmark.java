package io.deployments.exporter.bench;

import io.deployments.exporter.http.ConstantPage;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Scrapes over HTTP, and the same bytes from the same server as a constant. */
final class ScrapeBenchmark {

  /** What Prometheus 3 sends by default. */
  private static final String[] PROMETHEUS = {
    "Accept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
        + "application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
        + "*/*;q=0.1",
    "Accept-Encoding: gzip"
  };

  private static final String[] PLAIN = {"Accept: text/plain"};

  private static final int WARM_UP = 3_000;
  private static final int SCRAPES = 1_000;
  private static final int SCRAPERS = 16;
  private static final int SCRAPES_EACH = 100;

  private final Path folder;
  private final Path javaHome;
  private final TestDatabase database;

  /**
   * A benchmark.
   *
   * @param folder for files that are needed meanwhile
   * @param database with rows
   */
  ScrapeBenchmark(Path folder, Path javaHome, TestDatabase database) {
    this.folder = folder;
    this.javaHome = javaHome;
    this.database = database;
  }

  List<Figure> figures() throws IOException {
    List<Figure> figures = new ArrayList<>();
    try (MeasuredExporter exporter =
        MeasuredExporter.start(
            folder, MeasuredExporter.command(javaHome), database, "REFRESH_INTERVAL", "30s")) {
      exporter.awaitPage("deployments_30d{");
      String page = new String(page(exporter, PLAIN), StandardCharsets.UTF_8);
      System.out.printf(
          "%,d series of deployments, %,d in all, %,d bytes, %,d as Prometheus asks%n",
          page.lines().filter(line -> line.matches("deployments_(?!exporter).*")).count(),
          page.lines().filter(line -> !line.startsWith("#")).count(),
          page.length(),
          page(exporter, PROMETHEUS).length);
      figures.addAll(compare("plain text", exporter, PLAIN));
      figures.addAll(compare("as Prometheus asks", exporter, PROMETHEUS));
      figures.add(slowest(exporter));
      figures.add(
          Figure.of(
              "resident memory after more than 1,000 scrapes",
              exporter.resident() / 1e6,
              "MB",
              150));
    }
    return figures;
  }

  private static byte[] page(MeasuredExporter exporter, String... headers) throws IOException {
    try (PageClient client = new PageClient(exporter.port(), "/metrics", headers)) {
      return client.get();
    }
  }

  /** By turns, so that both meet the same machine. */
  private List<Figure> compare(String name, MeasuredExporter exporter, String... headers)
      throws IOException {
    Path constant = folder.resolve("page");
    Files.write(constant, page(exporter, headers));
    List<String> command = MeasuredExporter.command(javaHome);
    command.addAll(
        List.of("-cp", ClassPath.ofThis(), ConstantPage.class.getName(), constant.toString()));
    try (MeasuredExporter floor =
        MeasuredExporter.start(folder, command, TestDatabase.environmentFor(database.url()))) {
      floor.awaitPage("");
      Cost live = new Cost(exporter, headers);
      Cost fixed = new Cost(floor, headers);
      for (int round = 0; round < 5; round++) {
        live.measure(SCRAPES / 5);
        fixed.measure(SCRAPES / 5);
      }
      live.close();
      fixed.close();
      return List.of(
          Figure.ratio(
              "scrape, " + name + " (median)",
              live.median(),
              "ms",
              "the same bytes as a constant",
              fixed.median(),
              2),
          Figure.ratio(
              "its processor time",
              live.processor(),
              "ms",
              "the same bytes as a constant",
              fixed.processor(),
              Double.POSITIVE_INFINITY),
          Figure.of("processor time of a scrape, " + name, live.processor(), "ms", 1));
    }
  }

  /** What scrapes of one server cost, one after the other. */
  private static final class Cost implements AutoCloseable {

    private final MeasuredExporter server;
    private final PageClient client;
    private final List<Long> nanos = new ArrayList<>();
    private Duration processor = Duration.ZERO;

    Cost(MeasuredExporter server, String... headers) throws IOException {
      this.server = server;
      this.client = new PageClient(server.port(), "/metrics", headers);
      for (int i = 0; i < WARM_UP; i++) {
        client.get();
      }
    }

    void measure(int scrapes) throws IOException {
      Duration before = server.processorTime();
      for (int i = 0; i < scrapes; i++) {
        long start = System.nanoTime();
        client.get();
        nanos.add(System.nanoTime() - start);
      }
      processor = processor.plus(server.processorTime().minus(before));
    }

    double median() {
      return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
    }

    double processor() {
      return processor.toNanos() / 1e6 / nanos.size();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  /** The slowest of a hundred scrapes, with all scrapers at once: the 99th percentile. */
  private static Figure slowest(MeasuredExporter exporter) {
    ExecutorService threads = Executors.newFixedThreadPool(SCRAPERS);
    try {
      Callable<long[]> scraper =
          () -> {
            long[] nanos = new long[SCRAPES_EACH];
            try (PageClient client = new PageClient(exporter.port(), "/metrics", PROMETHEUS)) {
              for (int i = 0; i < SCRAPES_EACH; i++) {
                long start = System.nanoTime();
                client.get();
                nanos[i] = System.nanoTime() - start;
              }
            }
            return nanos;
          };
      List<Future<long[]>> scrapers = new ArrayList<>();
      for (int i = 0; i < SCRAPERS; i++) {
        scrapers.add(threads.submit(scraper));
      }
      long[] all = new long[0];
      for (Future<long[]> each : scrapers) {
        long[] nanos = each.get();
        int length = all.length;
        all = Arrays.copyOf(all, length + nanos.length);
        System.arraycopy(nanos, 0, all, length, nanos.length);
      }
      Arrays.sort(all);
      return Figure.of(
          "99th percentile with " + SCRAPERS + " scrapers at once",
          all[(int) (all.length * 0.99)] / 1e6,
          "ms",
          50);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
