package io.deployments.exporter.refresh;

import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last good snapshot and the last outcome, swapped in whole: a reader sees one refresh or
 * another, never parts of two. Safe for any number of threads.
 */
public final class CurrentSnapshot {

  private record State(
      Optional<RefreshOutcome.Succeeded> lastGood, Optional<RefreshOutcome> lastOutcome) {}

  private final RefreshSettings settings;
  private final List<Window> windows;
  private final InstantSource clock;
  private volatile State state = new State(Optional.empty(), Optional.empty());

  /**
   * Holds no snapshot yet.
   *
   * @param windows that every snapshot will have
   */
  public CurrentSnapshot(RefreshSettings settings, List<Window> windows, InstantSource clock) {
    this.settings = settings;
    this.windows = List.copyOf(windows);
    this.clock = clock;
  }

  /** Takes over what a refresh found; a failure leaves the last good snapshot in place. */
  public void accept(RefreshOutcome outcome) {
    state =
        new State(
            outcome instanceof RefreshOutcome.Succeeded good ? Optional.of(good) : state.lastGood(),
            Optional.of(outcome));
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
   * The age from which the snapshot is stale. The last good refresh counts as well as the last: one
   * that fails sooner than it takes to read must not make figures stale at once.
   */
  public Duration stalenessLimit() {
    State now = state;
    return Stream.<Optional<? extends RefreshOutcome>>of(now.lastGood(), now.lastOutcome())
        .flatMap(Optional::stream)
        .map(RefreshOutcome::statements)
        .max(Comparator.naturalOrder())
        .map(settings::effectiveStalenessLimit)
        .orElseGet(settings::stalenessLimit);
  }
}
