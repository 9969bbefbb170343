package io.deployments.exporter.database;

import io.deployments.exporter.snapshot.LabelValues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deployments, oldest first, fetched as they are asked for: only some thousand are in memory. Every
 * method throws {@link DatabaseException} when the database fails.
 */
public final class HistoryRows implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HistoryRows.class);

  private static final int MICROS = 1;
  private static final int NETWORK = 2;
  private static final int TEMPLATE = 3;
  private static final int STATUS = 4;
  private static final int PROJECT = 5;

  private final Statement statement;
  private final ResultSet rows;
  private final SqlErrors errors;

  HistoryRows(Statement statement, ResultSet rows, SqlErrors errors) {
    this.statement = statement;
    this.rows = rows;
    this.errors = errors;
  }

  /** Moves to the next row, the first at first; false when there is none. */
  public boolean next() {
    try {
      return rows.next();
    } catch (SQLException e) {
      throw errors.reading(e, "history");
    }
  }

  /** {@code created_at} in microseconds since 1970. */
  public long createdAtMicros() {
    try {
      return rows.getLong(MICROS);
    } catch (SQLException e) {
      throw errors.reading(e, "history");
    }
  }

  /** The network, {@code unknown} if NULL or empty. */
  public String network() {
    return LabelValues.of(text(NETWORK));
  }

  /** The template, {@code unknown} if NULL or empty. */
  public String template() {
    return LabelValues.of(text(TEMPLATE));
  }

  /** The status, {@code unknown} if NULL or empty. */
  public String status() {
    return LabelValues.of(text(STATUS));
  }

  /** The project as text; empty if NULL. */
  public Optional<String> project() {
    return Optional.ofNullable(text(PROJECT));
  }

  private @Nullable String text(int column) {
    try {
      return rows.getString(column);
    } catch (SQLException e) {
      throw errors.reading(e, "history");
    }
  }

  /** Ends the query. */
  @Override
  public void close() {
    try {
      statement.close();
    } catch (SQLException e) {
      // A connection that was lost has been reported where it was noticed.
      log.debug("The cursor could not be closed", e);
    }
  }
}
