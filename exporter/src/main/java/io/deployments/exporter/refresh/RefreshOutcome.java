package io.deployments.exporter.refresh;

import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How one refresh ended. */
public sealed interface RefreshOutcome {

  /** From its start to its end, connecting included. */
  Duration duration();

  /** Time in which its statements ran; zero if none did. */
  Duration statements();

  /** Time from its start to that of the next one. */
  default Duration interval(RefreshSettings settings) {
    return settings.effectiveInterval(statements());
  }

  /** Whether the database server answered, if only with an error. */
  boolean serverAnswered();

  /** The aggregates that were read to the end. */
  List<QueryRun> queries();

  /**
   * A refresh that gave a snapshot.
   *
   * @param completedAt when it ended, on the exporter's clock
   */
  record Succeeded(
      Snapshot snapshot,
      Instant completedAt,
      Duration duration,
      Duration statements,
      List<QueryRun> queries)
      implements RefreshOutcome {

    /** It did. */
    @Override
    public boolean serverAnswered() {
      return true;
    }
  }

  /**
   * A refresh that gave none.
   *
   * @param condition what is wrong, the same as long as that is
   * @param message one line for the operator
   */
  record Failed(
      FailureReason reason,
      String condition,
      String message,
      boolean serverAnswered,
      Duration duration,
      Duration statements,
      List<QueryRun> queries)
      implements RefreshOutcome {

    /** A server that fell silent may have been at work all the time, or not at all. */
    @Override
    public Duration interval(RefreshSettings settings) {
      return serverAnswered
          ? settings.effectiveInterval(statements)
          : settings.effectiveIntervalAtMost(statements);
    }
  }
}
