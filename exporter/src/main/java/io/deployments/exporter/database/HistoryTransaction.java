package io.deployments.exporter.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * One {@code REPEATABLE READ READ ONLY} transaction in UTC that streams rows for as long as that
 * takes. As in {@link ReadTransaction} all its settings end with it.
 *
 * <p>Every method throws {@link DatabaseException} when the database fails.
 */
public final class HistoryTransaction implements AutoCloseable {

  /** Rows in a fetch: enough that round trips don't matter; no column has more than 4 kB. */
  private static final int FETCH_ROWS = 2_000;

  /** Without an index on the time the server sorts the table before it sends the first row. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(30);

  private final Connection connection;
  private final NamedSql sql;
  private final SqlErrors errors;
  private final Instant moment;

  HistoryTransaction(Connection connection, NamedSql sql, SqlErrors errors, Duration timeout) {
    this.connection = connection;
    this.sql = sql;
    this.errors = errors;
    this.moment = beginAt(timeout);
  }

  private Instant beginAt(Duration timeout) {
    try (Statement statement = connection.createStatement()) {
      int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
      connection.setNetworkTimeout(Runnable::run, millis);
      statement.execute(
          "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL TIME ZONE 'UTC';"
              + " SET LOCAL lock_timeout = "
              + millis);
      // Server-wide limits are for ordinary clients. As a query, because which of them there are
      // depends on the server's version.
      statement.execute(
          "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ('statement_timeout',"
              + " 'idle_in_transaction_session_timeout', 'transaction_timeout')");
      try (ResultSet row = statement.executeQuery("SELECT transaction_timestamp()")) {
        row.next();
        Instant now = row.getObject(1, OffsetDateTime.class).toInstant();
        connection.setNetworkTimeout(Runnable::run, (int) LONGEST_SILENCE.toMillis());
        return now;
      }
    } catch (SQLException e) {
      throw errors.beginning(e);
    }
  }

  /** The database's clock when the transaction began. */
  public Instant moment() {
    return moment;
  }

  /**
   * Begins to read; the rows end with the transaction at the latest.
   *
   * @param start the earliest {@code created_at}
   * @param end the latest {@code created_at}
   */
  public HistoryRows rows(Instant start, Instant end) {
    try {
      // Closed by the rows.
      PreparedStatement statement = connection.prepareStatement(sql.text());
      statement.setFetchSize(FETCH_ROWS);
      int index = 1;
      for (String parameter : sql.parameters()) {
        Instant value = parameter.equals("start") ? start : end;
        statement.setObject(index++, value.atOffset(ZoneOffset.UTC));
      }
      return new HistoryRows(statement, statement.executeQuery(), errors);
    } catch (SQLException e) {
      throw errors.reading(e, sql.name());
    }
  }

  /** Ends the transaction and gives the connection back. */
  @Override
  public void close() {
    ReadTransaction.giveBack(connection);
  }
}
