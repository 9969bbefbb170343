package io.deployments.exporter.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.deployments.exporter.settings.DatabaseSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;

/** The way to the deployments table: a small pool from which read-only transactions are begun. */
public final class Database implements AutoCloseable {

  /** One connection for the refresh and one for a question that no snapshot answers. */
  private static final int CONNECTIONS = 2;

  /** How long to wait before looking whether an attempt to connect has failed; Hikari's least. */
  private static final long LOOK_MILLIS = 250;

  /** The longest to wait for a sign of life of a connection that was idle. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  private final PostgresDataSource server;
  private final HikariDataSource pool;
  private final AggregateSql sql;
  private final NamedSql history;
  private final SqlErrors errors;

  /**
   * Makes the pool; nothing is connected yet, so a database that is down doesn't matter here.
   *
   * @param timeout the longest that a connection attempt may take
   * @param meters where the pool's own metrics go
   */
  public Database(DatabaseSettings settings, Duration timeout, MeterRegistry meters) {
    this.server = new PostgresDataSource(settings, timeout);
    HikariConfig config = new HikariConfig();
    config.setPoolName("deployments");
    config.setDataSource(server);
    config.setMaximumPoolSize(CONNECTIONS);
    // Nobody waiting, nobody connecting: a database that is down is asked once per refresh.
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(LOOK_MILLIS);
    // Longer than the pool waits for a connection, which is only how often it looks. Both that it
    // has may be dead, and then there has to be time for a new one.
    config.setValidationTimeout(
        Math.max(LOOK_MILLIS, Math.min(timeout.toMillis() / 4, SIGN_OF_LIFE.toMillis())));
    // Neither isolation nor read-only here: JDBC would set them for the session, and a pooler in
    // transaction mode hands the session to its next client. The transaction sets its own.
    config.setAutoCommit(false);
    config.setIsolateInternalQueries(true);
    config.setMetricRegistry(meters);
    this.pool = new HikariDataSource(config);
    this.sql = new AggregateSql(settings.table());
    this.history = NamedSql.load("history", settings.table());
    this.errors = new SqlErrors(settings);
  }

  /**
   * Begins a read-only transaction, in which every read sees the same rows.
   *
   * @param deadline when connecting and all statements of the transaction have to be done
   * @throws DatabaseException if there is no connection by then
   */
  public ReadTransaction begin(Deadline deadline) {
    Connection connection = connect(deadline);
    try {
      return new ReadTransaction(connection, sql, errors, deadline);
    } catch (DatabaseException e) {
      ReadTransaction.giveBack(connection);
      throw e;
    }
  }

  /**
   * Begins a read-only transaction that may stream rows for hours.
   *
   * @param timeout the longest that connecting and waiting for a lock may take
   * @throws DatabaseException if there is no connection by then
   */
  public HistoryTransaction beginHistory(Duration timeout) {
    Connection connection = connect(Deadline.in(timeout));
    try {
      return new HistoryTransaction(connection, history, errors, timeout);
    } catch (DatabaseException e) {
      ReadTransaction.giveBack(connection);
      throw e;
    }
  }

  private Connection connect(Deadline deadline) {
    long begun = System.nanoTime();
    while (true) {
      try {
        return pool.getConnection();
      } catch (SQLTransientConnectionException e) {
        // The pool says only that time is up; its cause may be of any connection before.
        Optional<SQLException> failure = server.failureSince(begun);
        if (failure.isPresent()) {
          throw errors.connecting(failure.get());
        }
        if (deadline.hasPassed()) {
          throw errors.noAnswer(e);
        }
      } catch (SQLException e) {
        throw errors.connecting(e);
      }
    }
  }

  /** Closes all connections. */
  @Override
  public void close() {
    pool.close();
  }
}
