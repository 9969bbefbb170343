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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads all aggregates in one transaction, and makes a snapshot of them. */
public final class Refresher {

  private static final Logger log = LoggerFactory.getLogger(Refresher.class);

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

  /** Reads once; whatever ends that is an outcome. */
  public RefreshOutcome refresh() {
    long start = System.nanoTime();
    Duration statements = Duration.ZERO;
    List<QueryRun> runs = List.of();
    boolean began = false;
    try (ReadTransaction transaction = database.begin(Deadline.in(timeout))) {
      began = true;
      try {
        Snapshot snapshot = Snapshot.of(transaction.aggregates(transaction.moment(), scope), scope);
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
    } catch (Throwable e) {
      // An Error too: the rows may be more than the memory holds.
      log.debug("The rows make no snapshot", e);
      String message = "The rows make no snapshot: " + e;
      return new RefreshOutcome.Failed(
          FailureReason.DATA, message, message, began, since(start), statements, runs);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
