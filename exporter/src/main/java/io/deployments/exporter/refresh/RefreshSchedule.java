package io.deployments.exporter.refresh;

import io.deployments.exporter.settings.RefreshSettings;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes at once and then every effective interval, on one thread and so never two at a time.
 * Nothing ends it but {@link #close()}.
 */
public final class RefreshSchedule implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RefreshSchedule.class);

  private final Supplier<RefreshOutcome> refresh;
  private final Consumer<RefreshOutcome> listener;
  private final RefreshSettings settings;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "refresh");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * A schedule that has not started.
   *
   * @param refresh refreshes once
   * @param listener is told how each refresh ended
   */
  public RefreshSchedule(
      Supplier<RefreshOutcome> refresh,
      Consumer<RefreshOutcome> listener,
      RefreshSettings settings) {
    this.refresh = refresh;
    this.listener = listener;
    this.settings = settings;
  }

  /** Starts with a refresh right now. */
  public void start() {
    executor.execute(this::run);
  }

  private void run() {
    long start = System.nanoTime();
    Duration interval = settings.interval();
    try {
      RefreshOutcome outcome = refresh.get();
      // A statement that ran into its timeout has kept the database busy like any other.
      interval = settings.effectiveInterval(outcome.statements());
      if (!executor.isShutdown()) {
        listener.accept(outcome);
      }
    } catch (Throwable e) {
      // Whatever it was, even an Error: without this the schedule would end without a word.
      log.error("Refresh ended unexpectedly; the next one is in {}", interval, e);
    } finally {
      long delay = interval.toNanos() - (System.nanoTime() - start);
      try {
        // Nobody waits for it: run() lets nothing out.
        Future<?> unused = executor.schedule(this::run, Math.max(0, delay), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("No refresh after shutdown", e);
      }
    }
  }

  /** Ends the schedule without waiting for a refresh that is running; it can't do harm. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
