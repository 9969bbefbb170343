package io.deployments.exporter.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something to become true, as long as it takes and no longer. */
public final class Await {

  private Await() {}

  /**
   * Returns as soon as the condition holds.
   *
   * @throws AssertionError with the description, if it doesn't within the time
   */
  public static void until(Supplier<String> description, Duration timeout, BooleanSupplier holds) {
    long end = System.nanoTime() + timeout.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Not within " + timeout + ": " + description.get());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Returns when the time has passed, for what can't be seen from outside. */
  public static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    until(() -> "time passes", time.multipliedBy(10), () -> System.nanoTime() - end >= 0);
  }

  /**
   * Returns as soon as the assertion holds.
   *
   * @throws AssertionError its own, if it doesn't within the time
   */
  public static void untilAsserted(Duration timeout, Runnable assertion) {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        assertion.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(50_000_000);
      }
    }
  }
}
