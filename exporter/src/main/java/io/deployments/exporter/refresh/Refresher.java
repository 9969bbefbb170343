package io.deployments.exporter.refresh;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.DatabaseException;
import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.database.ReadTransaction;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Reads all aggregates in one transaction, and makes a snapshot of them. */
public final class Refresher {

  private final Database database;
  private final Scope scope;
  private final Duration timeout;
  private final InstantSource clock;

  /**
   * A refresher.
   *
   * @param timeout the longest that one refresh may take, connecting included
   * @param clock the exporter's clock
   */
  public Refresher(Database database, Scope scope, Duration timeout, InstantSource clock) {
    this.database = database;
    this.scope = scope;
    this.timeout = timeout;
    this.clock = clock;
  }

  /** Reads once; never throws because of what the database does or holds. */
  public RefreshOutcome refresh() {
    long start = System.nanoTime();
    Duration statements = Duration.ZERO;
    List<QueryRun> runs = List.of();
    try (ReadTransaction transaction = database.begin(Deadline.in(timeout))) {
      try {
        Snapshot snapshot =
            Snapshot.of(transaction.aggregates(transaction.moment(), scope.windows()), scope);
        return new RefreshOutcome.Succeeded(
            snapshot, clock.instant(), since(start), transaction.elapsed(), transaction.runs());
      } finally {
        statements = transaction.elapsed();
        runs = transaction.runs();
      }
    } catch (DatabaseException e) {
      return new RefreshOutcome.Failed(
          e.reason(),
          e.condition(),
          e.getMessage(),
          e.serverAnswered(),
          since(start),
          statements,
          runs);
    } catch (RuntimeException e) {
      String message = "The rows make no snapshot: " + e;
      return new RefreshOutcome.Failed(
          FailureReason.DATA, message, message, true, since(start), statements, runs);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
