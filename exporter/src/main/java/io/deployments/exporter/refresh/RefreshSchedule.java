package io.deployments.exporter.refresh;

import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.settings.RefreshSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes at once and then every effective interval, on one thread and so never two at a time,
 * and logs when refreshes begin or cease to succeed. Nothing ends it but {@link #close()}.
 */
public final class RefreshSchedule implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RefreshSchedule.class);

  private final Supplier<RefreshOutcome> refresh;
  private final Consumer<RefreshOutcome> listener;
  private final RefreshSettings settings;

  /** How the last refresh ended, for the refresh thread alone. */
  private @Nullable RefreshOutcome last;

  /** The interval that was logged because it is longer than that of the settings; else zero. */
  private Duration late = Duration.ZERO;

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
    @Nullable RefreshOutcome outcome = null;
    try {
      outcome = attempt(start);
      if (!executor.isShutdown()) {
        // First: whoever listens may let scrapes wait, and those must not wait for a log.
        logChange(outcome);
        logLate(outcome);
        listener.accept(outcome);
      }
    } catch (Throwable e) {
      // Whatever it was, even an Error: without this the schedule would end without a word.
      log.error("The outcome of a refresh could not be taken over", e);
    } finally {
      Duration taken = since(start);
      // A statement that ran into its timeout has kept the database busy like any other.
      Duration interval =
          outcome == null ? settings.effectiveIntervalAtMost(taken) : outcome.interval(settings);
      long delay = interval.minus(taken).toNanos();
      try {
        // Nobody waits for it: run() lets nothing out.
        Future<?> unused = executor.schedule(this::run, Math.max(0, delay), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("No refresh after shutdown", e);
      }
    }
  }

  /** Whatever ends a refresh, even an Error, is an outcome that the listener is told. */
  private RefreshOutcome attempt(long start) {
    try {
      return refresh.get();
    } catch (Throwable e) {
      log.error("Refresh ended unexpectedly", e);
      String message = "The refresh ended unexpectedly: " + e;
      return new RefreshOutcome.Failed(
          FailureReason.DATA, message, message, false, since(start), since(start), List.of());
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Once per change, not per refresh: a database that is down for a night fills no log. */
  private void logChange(RefreshOutcome now) {
    RefreshOutcome before = last;
    last = now;
    if (now instanceof RefreshOutcome.Failed failed) {
      boolean isNew =
          !(before instanceof RefreshOutcome.Failed earlier
              && earlier.reason() == failed.reason()
              && earlier.condition().equals(failed.condition()));
      if (isNew) {
        log.warn("Refresh failed, reason={}. {}", failed.reason().label(), failed.message());
      }
    } else if (!(before instanceof RefreshOutcome.Succeeded)) {
      log.info(
          "Refreshed in {} ms{}",
          now.duration().toMillis(),
          before == null ? "" : "; the database is well again");
    }
  }

  /** Once when refreshes become rarer than the settings say, and again when twice as rare. */
  private void logLate(RefreshOutcome outcome) {
    Duration interval = outcome.interval(settings);
    boolean isLate = interval.compareTo(settings.interval()) > 0;
    if (isLate && (late.isZero() || interval.compareTo(late.multipliedBy(2)) >= 0)) {
      log.info(
          "The next refresh begins {} s after this one did, and not {} s: its statements {} for {}"
              + " s, and MAX_DATABASE_SHARE is {}",
          seconds(interval),
          seconds(settings.interval()),
          outcome.serverAnswered() ? "ran" : "may have run",
          seconds(outcome.statements()),
          settings.maxDatabaseShare());
      late = interval;
    } else if (!isLate) {
      late = Duration.ZERO;
    }
  }

  private static double seconds(Duration duration) {
    return Math.round(duration.toMillis() / 100.0) / 10.0;
  }

  /** Ends the schedule without waiting for a refresh that is running; it can't do harm. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
