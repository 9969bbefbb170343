package io.deployments.exporter.database;

import io.deployments.exporter.settings.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Asks each question in a read-only transaction of its own, so that one without an answer doesn't
 * stand in the way of the others.
 *
 * @param patience the longest that one question may take
 */
record Questions(Database database, TableName table, Duration patience) {

  <T> T ask(Function<ReadTransaction, T> question) {
    try (ReadTransaction transaction = database.begin(Deadline.in(patience))) {
      return question.apply(transaction);
    }
  }

  /** The statement of a file in {@code sql/check}. */
  NamedSql sql(String name) {
    return NamedSql.load("check/" + name, table);
  }

  <T> List<T> list(String name, Map<String, ?> values, RowMapper<T> mapper) {
    return ask(transaction -> transaction.read(sql(name), values, mapper));
  }
}
