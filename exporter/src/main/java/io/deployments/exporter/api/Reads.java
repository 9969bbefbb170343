package io.deployments.exporter.api;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.DatabaseException;
import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.database.ReadTransaction;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Figures for a number of days: from the snapshot where a window has that length, else by one query
 * whose result is kept for a refresh interval. Requests for the same figures share one query, and
 * queries run one at a time, so that no number of clients can take the refresh's connection or run
 * more than one; few may wait, so that there are threads for scrapes.
 */
final class Reads implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Reads.class);

  /** All answers that are kept weigh no more together, in bytes; a larger one is not kept. */
  private static final long KEPT_BYTES = 4 << 20;

  /** Requests that may wait for the database; each of them holds one of the server's threads. */
  private static final int MAX_WAITING = 64;

  /** When there may be a place again. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /**
   * Figures by network.
   *
   * @param moment the <i>t</i> they refer to
   */
  record Figures<T>(Instant moment, Map<String, T> byNetwork) {}

  /**
   * How one query ended. A failure is a value too, so that the cache neither logs nor wraps it.
   *
   * @param figures null after a failure, which is in the log
   * @param bytes about how much memory the figures take
   */
  private record Attempt(@Nullable Figures<?> figures, int bytes) {

    static final Attempt FAILED = new Attempt(null, 0);

    static <T> Attempt of(Instant moment, Question<T> question, Map<String, T> byNetwork) {
      long bytes = 512;
      for (Map.Entry<String, T> network : byNetwork.entrySet()) {
        bytes += 128 + 2L * network.getKey().length() + question.bytes(network.getValue());
      }
      return new Attempt(
          new Figures<>(moment, byNetwork), (int) Math.min(Integer.MAX_VALUE, bytes));
    }
  }

  private record Key(Question<?> question, int days) {}

  private final CurrentSnapshot current;
  private final Database database;
  private final RefreshSettings settings;
  private final Scope scope;
  private final AsyncCache<Key, Attempt> cache;
  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private volatile String complaint = "";
  private final ExecutorService queries =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "api-query");
            thread.setDaemon(true);
            return thread;
          });

  Reads(CurrentSnapshot current, Database database, Settings settings) {
    this.current = current;
    this.database = database;
    this.settings = settings.refresh();
    this.scope = settings.scope();
    this.cache =
        Caffeine.newBuilder()
            .expireAfterWrite(settings.refresh().interval())
            .maximumWeight(KEPT_BYTES)
            .weigher((Key key, Attempt attempt) -> attempt.bytes())
            .executor(Runnable::run)
            .buildAsync();
  }

  /** The networks of the last good snapshot that have figures of their own. */
  List<String> seenNetworks() {
    return current
        .lastGood()
        .map(good -> good.snapshot().networkProjects())
        .orElse(List.of())
        .stream()
        .map(NetworkProjects::network)
        .toList();
  }

  /**
   * The figures of the trailing days.
   *
   * @throws ProblemException if neither the snapshot nor the database has them now
   */
  <T> Figures<T> read(Question<T> question, int days) {
    Duration length = Duration.ofDays(days);
    for (Window window : current.windows()) {
      if (window.length().equals(length)) {
        Snapshot snapshot =
            current.fresh().orElseThrow(() -> unavailable(current.notFresh().orElse("")));
        int index = snapshot.windows().indexOf(window);
        return new Figures<>(snapshot.moment(), question.from(snapshot, index));
      }
    }
    return query(question, days);
  }

  private <T> Figures<T> query(Question<T> question, int days) {
    Deadline deadline = Deadline.in(settings.timeout());
    Key key = new Key(question, days);
    CompletableFuture<Attempt> known = cache.getIfPresent(key);
    if (known != null && known.isDone()) {
      if (known.join().figures() != null) {
        return await(known, deadline);
      }
      // A failure was the answer for those who waited for it, and for nobody after them.
      cache.asMap().remove(key, known);
    }
    if (!waiting.tryAcquire()) {
      throw Problem.unavailable("Too many requests wait for the database.", SOON);
    }
    try {
      CompletableFuture<Attempt> result =
          cache.get(
              key,
              (k, executor) ->
                  CompletableFuture.supplyAsync(() -> attempt(question, days, deadline), queries));
      return await(result, deadline);
    } finally {
      waiting.release();
    }
  }

  @SuppressWarnings("unchecked") // The key holds the question, and the question the type.
  private <T> Figures<T> await(CompletableFuture<Attempt> result, Deadline deadline) {
    try {
      Attempt attempt = result.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      if (attempt.figures() == null) {
        throw unavailable("The database can't answer now.");
      }
      return (Figures<T>) attempt.figures();
    } catch (TimeoutException e) {
      throw unavailable("The database did not answer in time.");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("The exporter is stopping.");
    }
  }

  private <T> Attempt attempt(Question<T> question, int days, Deadline deadline) {
    if (deadline.hasPassed()) {
      return Attempt.FAILED;
    }
    try (ReadTransaction transaction = database.begin(deadline)) {
      Window window = new Window(days + "d", Duration.ofDays(days));
      Scope asked = new Scope(scope.networks(), List.of(window), scope.maxTemplates());
      Attempt result =
          Attempt.of(transaction.moment(), question, question.from(transaction, asked));
      complaint = "";
      return result;
    } catch (DatabaseException e) {
      // The log has what happened, once; the client learns only that it did.
      if (!e.condition().equals(complaint)) {
        log.warn("No answer over {} days. {}", days, e.getMessage());
      }
      complaint = e.condition();
      return Attempt.FAILED;
    }
  }

  private ProblemException unavailable(String detail) {
    return Problem.unavailable(detail, current.effectiveInterval());
  }

  /** Ends the thread that queries. */
  @Override
  public void close() {
    queries.shutdownNow();
  }
}
