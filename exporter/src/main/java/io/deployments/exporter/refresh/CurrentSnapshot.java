package io.deployments.exporter.refresh;

import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The last good snapshot and the last outcome, swapped in whole: a reader sees one refresh or
 * another, never parts of two. Safe for any number of threads.
 */
public final class CurrentSnapshot {

  /**
   * What is known after a refresh.
   *
   * @param stalenessLimit the age from which the last good snapshot is stale
   */
  private record State(
      Optional<RefreshOutcome.Succeeded> lastGood,
      Optional<RefreshOutcome> lastOutcome,
      Duration stalenessLimit) {}

  private final RefreshSettings settings;
  private final List<Window> windows;
  private final InstantSource clock;
  private volatile State state;

  /**
   * Holds no snapshot yet.
   *
   * @param windows that every snapshot will have
   */
  public CurrentSnapshot(RefreshSettings settings, List<Window> windows, InstantSource clock) {
    this.settings = settings;
    this.windows = List.copyOf(windows);
    this.clock = clock;
    this.state =
        new State(
            Optional.empty(), Optional.empty(), settings.effectiveStalenessLimit(Duration.ZERO));
  }

  /** Takes over what a refresh found; a failure leaves the last good snapshot in place. */
  public void accept(RefreshOutcome outcome) {
    Optional<RefreshOutcome.Succeeded> lastGood =
        outcome instanceof RefreshOutcome.Succeeded good ? Optional.of(good) : state.lastGood();
    // The last good one as well as the last: one that fails sooner than it takes to read must not
    // make figures stale at once.
    Duration statements =
        lastGood
            .map(RefreshOutcome::statements)
            .filter(time -> time.compareTo(outcome.statements()) > 0)
            .orElse(outcome.statements());
    state = new State(lastGood, Optional.of(outcome), settings.effectiveStalenessLimit(statements));
  }

  /** The windows that every snapshot has, whether there is one or not. */
  public List<Window> windows() {
    return windows;
  }

  /** How the last refresh ended; empty before the first. */
  public Optional<RefreshOutcome> lastOutcome() {
    return state.lastOutcome();
  }

  /** The last refresh that succeeded, however long ago. */
  public Optional<RefreshOutcome.Succeeded> lastGood() {
    return state.lastGood();
  }

  /** The last good snapshot, unless it is stale. */
  public Optional<Snapshot> fresh() {
    return state
        .lastGood()
        .filter(good -> !isStale(good.completedAt()))
        .map(RefreshOutcome.Succeeded::snapshot);
  }

  /** Why there is no fresh snapshot; empty if there is one. */
  public Optional<String> notFresh() {
    State now = state;
    if (now.lastGood().filter(good -> !isStale(good.completedAt())).isPresent()) {
      return Optional.empty();
    }
    String since =
        now.lastGood()
            .map(
                good ->
                    "No good refresh since "
                        + good.completedAt().truncatedTo(ChronoUnit.SECONDS)
                        + ".")
            .orElse("No good refresh yet.");
    return Optional.of(
        now.lastOutcome().orElse(null) instanceof RefreshOutcome.Failed failed
            ? since + " The last try failed, reason=" + failed.reason().label() + "."
            : since);
  }

  /** How long ago the last good refresh ended; empty before the first. */
  public Optional<Duration> age() {
    return state.lastGood().map(good -> Duration.between(good.completedAt(), clock.instant()));
  }

  private boolean isStale(Instant completedAt) {
    return Duration.between(completedAt, clock.instant()).compareTo(stalenessLimit()) > 0;
  }

  /** Time from the last refresh, however it ended, to the next. */
  public Duration effectiveInterval() {
    return settings.effectiveInterval(
        state.lastOutcome().map(RefreshOutcome::statements).orElse(Duration.ZERO));
  }

  /**
   * The age from which the snapshot is stale: that of the settings, or three effective intervals
   * after the last refresh or the last good one, whatever is longest.
   */
  public Duration stalenessLimit() {
    return state.stalenessLimit();
  }
}
