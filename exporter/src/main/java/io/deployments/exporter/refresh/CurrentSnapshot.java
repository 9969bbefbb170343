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
      Duration stalenessLimit) {

    Optional<Snapshot> fresh(Instant now) {
      return lastGood
          .filter(good -> Duration.between(good.completedAt(), now).compareTo(stalenessLimit) <= 0)
          .map(RefreshOutcome.Succeeded::snapshot);
    }
  }

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
            Optional.empty(),
            Optional.empty(),
            settings.effectiveStalenessLimit(settings.interval()));
  }

  /** Takes over what a refresh found; a failure leaves the last good snapshot in place. */
  public void accept(RefreshOutcome outcome) {
    State before = state;
    Duration limit = settings.effectiveStalenessLimit(outcome.interval(settings));
    if (outcome instanceof RefreshOutcome.Succeeded good) {
      state = new State(Optional.of(good), Optional.of(outcome), limit);
    } else {
      state = new State(before.lastGood(), Optional.of(outcome), afterFailure(before, limit));
    }
  }

  /**
   * A failure may give figures more time, as the next try comes later, but takes none from them: it
   * would make them stale at once. Nor do stale ones come back by it.
   */
  private Duration afterFailure(State before, Duration limit) {
    boolean isStale = before.lastGood().isPresent() && before.fresh(clock.instant()).isEmpty();
    return isStale || limit.compareTo(before.stalenessLimit()) < 0
        ? before.stalenessLimit()
        : limit;
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
    return state.fresh(clock.instant());
  }

  /** Why there is no fresh snapshot; empty if there is one. */
  public Optional<String> notFresh() {
    State now = state;
    if (now.fresh(clock.instant()).isPresent()) {
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

  /** Time from the last refresh, however it ended, to the next. */
  public Duration effectiveInterval() {
    return state
        .lastOutcome()
        .map(outcome -> outcome.interval(settings))
        .orElse(settings.interval());
  }

  /**
   * The age from which the snapshot is stale: that of the settings, or three effective intervals if
   * that is longer: the longest of those after the last good refresh and after failures since.
   */
  public Duration stalenessLimit() {
    return state.stalenessLimit();
  }
}
