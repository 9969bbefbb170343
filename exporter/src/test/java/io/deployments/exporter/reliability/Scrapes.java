package io.deployments.exporter.reliability;

import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.Exposition;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Scrapers at work while something else goes on; one that fails fails the test. */
final class Scrapes implements AutoCloseable {

  /**
   * What came of the scrapes.
   *
   * @param count how many there were, each answered with 200 and a page that parses
   * @param median of their durations, in milliseconds
   * @param slowest in milliseconds
   */
  record Figures(int count, double median, double slowest) {

    void print(String what) {
      System.out.printf(
          "%s: %d scrapes, all good, median %.1f ms, slowest %.0f ms%n",
          what, count, median, slowest);
    }
  }

  private final ExecutorService threads;
  private final List<Future<List<Long>>> scrapers = new ArrayList<>();
  private volatile boolean ending;

  private Scrapes(int scrapers) {
    threads = Executors.newFixedThreadPool(scrapers);
  }

  /** One scraper, twenty times a second. */
  static Scrapes of(ExporterClient client) {
    return of(client, 1, 50, page -> {});
  }

  /**
   * Many scrapers.
   *
   * @param pauseMillis between the scrapes of each
   * @param invariant fails on a page that is not as it should be
   */
  static Scrapes of(
      ExporterClient client, int scrapers, long pauseMillis, Consumer<Exposition> invariant) {
    Scrapes scrapes = new Scrapes(scrapers);
    for (int i = 0; i < scrapers; i++) {
      scrapes.scrapers.add(
          scrapes.threads.submit(() -> scrapes.scrape(client, pauseMillis, invariant)));
    }
    return scrapes;
  }

  private List<Long> scrape(
      ExporterClient client, long pauseMillis, Consumer<Exposition> invariant) {
    List<Long> durations = new ArrayList<>();
    do {
      long start = System.nanoTime();
      HttpResponse<String> response = client.get("/metrics");
      durations.add(System.nanoTime() - start);
      if (response.statusCode() != 200) {
        throw new AssertionError(response.statusCode() + " " + response.body());
      }
      invariant.accept(Exposition.parse(response.body()));
      LockSupport.parkNanos(pauseMillis * 1_000_000);
    } while (!ending);
    return durations;
  }

  /** Whether a scraper has failed, so that there is nothing to wait for. */
  boolean haveFailed() {
    return scrapers.stream().anyMatch(Future::isDone);
  }

  /** Ends them, and says what came of it. */
  Figures figures() {
    ending = true;
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> scraper : scrapers) {
      try {
        all.addAll(scraper.get());
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    Collections.sort(all);
    return new Figures(all.size(), all.get(all.size() / 2) / 1e6, all.get(all.size() - 1) / 1e6);
  }

  @Override
  public void close() {
    ending = true;
    threads.shutdownNow();
  }
}
