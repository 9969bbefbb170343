package io.deployments.exporter.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.Deployments;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.Window;
import io.deployments.exporter.snapshot.WindowCounts;
import io.deployments.exporter.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CurrentSnapshotTest {

  private final SettableClock clock =
      new SettableClock(Instant.parse("2026-03-01T00:00:00.123456789Z"));
  private final CurrentSnapshot current =
      new CurrentSnapshot(
          new RefreshSettings(
              Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5), 0.1),
          Window.ALWAYS,
          clock);

  private RefreshOutcome.Succeeded good(Duration statements) {
    Aggregates none =
        new Aggregates(
            clock.instant(),
            new Deployments(List.of(), Map.of()),
            List.of(),
            WindowCounts.zero(4),
            List.of());
    Snapshot snapshot = Snapshot.of(none, new Scope(List.of("metis"), Window.ALWAYS, 100));
    return new RefreshOutcome.Succeeded(
        snapshot, clock.instant(), statements, statements, List.of());
  }

  private static RefreshOutcome.Failed failed(Duration statements) {
    return new RefreshOutcome.Failed(
        FailureReason.TIMEOUT, "slow", "slow", true, statements, statements, List.of());
  }

  @Test
  void nothingIsFreshBeforeTheFirstRefresh() {
    assertThat(current.fresh()).isEmpty();
    assertThat(current.notFresh()).contains("No good refresh yet.");
  }

  @Test
  void aSnapshotIsFreshUpToTheStalenessLimit() {
    RefreshOutcome.Succeeded good = good(Duration.ofSeconds(1));
    current.accept(good);
    clock.advance(Duration.ofMinutes(5));
    assertThat(current.fresh()).containsSame(good.snapshot());
    assertThat(current.notFresh()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertThat(current.fresh()).isEmpty();
    assertThat(current.notFresh()).contains("No good refresh since 2026-03-01T00:00:00Z.");
  }

  @Test
  void aFailureKeepsTheLastSnapshotUntilItsLimit() {
    RefreshOutcome.Succeeded good = good(Duration.ofSeconds(1));
    current.accept(good);
    current.accept(failed(Duration.ofSeconds(1)));
    assertThat(current.fresh()).containsSame(good.snapshot());
    assertThat(current.stalenessLimit()).isEqualTo(Duration.ofMinutes(5));
    clock.advance(Duration.ofMinutes(6));
    assertThat(current.fresh()).isEmpty();
    assertThat(current.notFresh())
        .contains(
            "No good refresh since 2026-03-01T00:00:00Z. The last try failed, reason=timeout.");
  }

  @Test
  void oneStatementThatTimesOutLetsNoFiguresGoBeforeTheNextTry() {
    RefreshOutcome.Succeeded good = good(Duration.ofSeconds(1));
    current.accept(good);
    current.accept(failed(Duration.ofMinutes(1)));
    assertThat(current.effectiveInterval()).isEqualTo(Duration.ofMinutes(10));
    assertThat(current.stalenessLimit()).isEqualTo(Duration.ofMinutes(30));
    clock.advance(Duration.ofMinutes(11));
    assertThat(current.fresh()).containsSame(good.snapshot());
    // Nor do they go because the next one fails sooner.
    current.accept(failed(Duration.ZERO));
    assertThat(current.fresh()).containsSame(good.snapshot());
    clock.advance(Duration.ofMinutes(20));
    assertThat(current.fresh()).isEmpty();
    current.accept(good(Duration.ofSeconds(1)));
    assertThat(current.stalenessLimit()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void staleFiguresDoNotComeBackWithoutAGoodRefresh() {
    current.accept(good(Duration.ofSeconds(1)));
    clock.advance(Duration.ofMinutes(6));
    assertThat(current.fresh()).isEmpty();
    current.accept(failed(Duration.ofMinutes(1)));
    assertThat(current.fresh()).isEmpty();
    assertThat(current.stalenessLimit()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aFailureThatCostsNothingMakesTheFiguresOfASlowDatabaseStaleNoSooner() {
    current.accept(good(Duration.ofSeconds(50)));
    current.accept(failed(Duration.ZERO));
    assertThat(current.effectiveInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(current.stalenessLimit()).isEqualTo(Duration.ofMinutes(25));
  }

  @Test
  void aServerThatFellSilentIsAskedAgainBeforeFiguresGo() {
    current.accept(good(Duration.ofSeconds(1)));
    current.accept(
        new RefreshOutcome.Failed(
            FailureReason.TIMEOUT,
            "silent",
            "silent",
            false,
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            List.of()));
    assertThat(current.effectiveInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(current.stalenessLimit()).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void aSlowButHealthyDatabaseIsNotStale() {
    current.accept(good(Duration.ofSeconds(50)));
    assertThat(current.effectiveInterval()).isEqualTo(Duration.ofSeconds(500));
    assertThat(current.stalenessLimit()).isEqualTo(Duration.ofMinutes(25));
  }
}
