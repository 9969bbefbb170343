package io.deployments.exporter.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. */
public final class SettableClock implements InstantSource {

  private volatile Instant now;

  /** Stands at the given time. */
  public SettableClock(Instant now) {
    this.now = now;
  }

  /** Moves on. */
  public void advance(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
