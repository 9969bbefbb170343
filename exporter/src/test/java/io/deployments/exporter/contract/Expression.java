package io.deployments.exporter.contract;

import java.time.Duration;
import java.util.Optional;

/**
 * An expression that users see the answer of.
 *
 * @param file where it stands
 * @param place which panel, rule or heading of the file
 * @param text PromQL, in a dashboard with its variables
 * @param kind how it is asked
 * @param step from point to point of a graph; empty where Grafana chooses
 */
record Expression(String file, String place, String text, Kind kind, Optional<Duration> step) {

  /** How an expression is asked. */
  enum Kind {
    /** At one moment. */
    INSTANT,
    /** As a graph. */
    RANGE,
    /** At one moment by a rule that compares it: its last comparison is left out. */
    ALERT
  }

  static Expression of(String file, String place, String text, Kind kind) {
    return new Expression(file, place, text, kind, Optional.empty());
  }

  /** What a failure says. */
  @Override
  public String toString() {
    return file + ", " + place + ": " + text;
  }
}
