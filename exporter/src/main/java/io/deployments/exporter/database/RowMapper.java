package io.deployments.exporter.database;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes a value of the row at which a result stands. */
@FunctionalInterface
interface RowMapper<T> {

  /** The value. */
  T map(ResultSet row) throws SQLException;
}
