package io.deployments.exporter.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefreshScheduleTest {

  private static final RefreshSettings OFTEN =
      new RefreshSettings(Duration.ofMillis(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 1);

  private static RefreshOutcome failed(Duration statements) {
    return new RefreshOutcome.Failed(
        FailureReason.QUERY, "no table", "no table", true, statements, statements, List.of());
  }

  @Test
  void noExceptionOrErrorEndsTheSchedule() {
    AtomicInteger runs = new AtomicInteger();
    try (RefreshSchedule schedule =
        new RefreshSchedule(
            () -> {
              switch (runs.incrementAndGet() % 4) {
                case 0 -> throw new IllegalStateException("expected by the test");
                case 1 -> throw new StackOverflowError("expected by the test");
                default -> {
                  return failed(Duration.ZERO);
                }
              }
            },
            outcome -> {
              throw new IllegalArgumentException("expected by the test");
            },
            OFTEN)) {
      schedule.start();
      Await.until(() -> "20 runs, but " + runs, Duration.ofSeconds(20), () -> runs.get() >= 20);
    }
  }

  @Test
  void whateverEndsARefreshIsHeardOf() {
    List<RefreshOutcome> heard = new CopyOnWriteArrayList<>();
    try (RefreshSchedule schedule =
        new RefreshSchedule(
            () -> {
              throw new OutOfMemoryError("expected by the test");
            },
            heard::add,
            OFTEN)) {
      schedule.start();
      Await.until(() -> "2 outcomes", Duration.ofSeconds(20), () -> heard.size() >= 2);
    }
    assertThat(heard)
        .allSatisfy(
            outcome -> {
              assertThat(outcome).isInstanceOf(RefreshOutcome.Failed.class);
              RefreshOutcome.Failed failed = (RefreshOutcome.Failed) outcome;
              assertThat(failed.reason()).isEqualTo(FailureReason.DATA);
              assertThat(failed.message()).contains("OutOfMemoryError");
            });
  }

  @Test
  void aRefreshThatEndedUnexpectedlyCountsWithAllOfItsTime() {
    AtomicInteger runs = new AtomicInteger();
    long start = System.nanoTime();
    try (RefreshSchedule schedule =
        new RefreshSchedule(
            () -> {
              runs.incrementAndGet();
              Deadline end = Deadline.in(Duration.ofMillis(50));
              while (!end.hasPassed()) {
                Thread.onSpinWait();
              }
              throw new OutOfMemoryError("expected by the test");
            },
            outcome -> {},
            new RefreshSettings(
                Duration.ofMillis(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0.1))) {
      schedule.start();
      Await.until(() -> "3 runs, but " + runs, Duration.ofMinutes(2), () -> runs.get() >= 3);
    }
    // A tenth of the time, however slow the machine is.
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void twoRefreshesNeverRunAtOnce() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    try (RefreshSchedule schedule =
        new RefreshSchedule(
            () -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              // Longer than the interval: the next one is due before this one ends.
              long end = System.nanoTime() + Duration.ofMillis(5).toNanos();
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              running.decrementAndGet();
              runs.incrementAndGet();
              return failed(Duration.ZERO);
            },
            outcome -> {},
            OFTEN)) {
      schedule.start();
      Await.until(() -> "20 runs, but " + runs, Duration.ofSeconds(20), () -> runs.get() >= 20);
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void nothingRunsAfterClose() {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger heard = new AtomicInteger();
    RefreshSchedule schedule =
        new RefreshSchedule(
            () -> {
              runs.incrementAndGet();
              return failed(Duration.ZERO);
            },
            outcome -> heard.incrementAndGet(),
            new RefreshSettings(
                Duration.ofDays(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 1));
    schedule.start();
    Await.until(() -> "heard of the first run", Duration.ofSeconds(20), () -> heard.get() == 1);
    schedule.close();
    assertThat(runs).hasValue(1);
  }
}
