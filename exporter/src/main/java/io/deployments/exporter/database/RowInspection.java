package io.deployments.exporter.database;

import io.deployments.exporter.settings.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the rows of the deployments table say about themselves, and how they are found. Every method
 * throws {@link DatabaseException} if its answer can't be had in time.
 */
public final class RowInspection {

  /** How a plan writes a time of which the session's zone is UTC, up to the second. */
  private static final DateTimeFormatter PLAN_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private final Questions questions;

  /**
   * An inspection of the given table.
   *
   * @param patience the longest that one question may take
   */
  public RowInspection(Database database, TableName table, Duration patience) {
    this.questions = new Questions(database, table, patience);
  }

  /** Reads a row, if there is one: whether that is possible at all, and how. */
  public boolean hasRows() {
    return !questions.list("first_row", Map.of(), row -> row.getInt(1)).isEmpty();
  }

  /**
   * Whether row-level security stands between us and some rows: with {@code row_security} off the
   * server refuses to answer, in the place of leaving them out. True also says nothing about
   * whether there are such rows. Ask {@link #hasRows()} first: the refusal looks like that for want
   * of a privilege.
   */
  public boolean rowSecurityApplies() {
    return questions.ask(
        transaction -> {
          transaction.read(questions.sql("row_security_off"), Map.of(), row -> row.getString(1));
          try {
            transaction.read(questions.sql("first_row"), Map.of(), row -> row.getInt(1));
            return false;
          } catch (DatabaseException e) {
            if (e.getCause() instanceof SQLException s && "42501".equals(s.getSQLState())) {
              return true;
            }
            throw e;
          }
        });
  }

  /** How the rows of a window that ends now are found when indexes are used wherever possible. */
  public List<TableScan> scans(Duration window) {
    return questions.ask(
        transaction -> {
          Instant start = transaction.moment().minus(window);
          transaction.read(questions.sql("plan_settings"), Map.of(), row -> row.getString(1));
          return PlanText.scans(
              transaction.read(
                  questions.sql("plan"),
                  Map.of("start", start, "moment", transaction.moment()),
                  row -> row.getString(1)),
              PLAN_TIME.format(start));
        });
  }

  /** When the rows of the table are from. */
  public TimeRange timeRange() {
    return questions
        .ask(
            transaction ->
                transaction.read(
                    questions.sql("all_rows"),
                    Map.of("moment", transaction.moment()),
                    row ->
                        new TimeRange(
                            Optional.ofNullable(row.getObject("newest", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                            row.getLong("from_future"),
                            Optional.ofNullable(row.getString("furthest")).orElse(""),
                            row.getLong("without_time"))))
        .get(0);
  }

  /** NULL and empty values in the window that ends now. */
  public MissingValues missingValues(Duration window) {
    return questions
        .ask(
            transaction ->
                transaction.read(
                    questions.sql("window_rows"),
                    Map.of(
                        "start",
                        transaction.moment().minus(window),
                        "moment",
                        transaction.moment()),
                    row ->
                        new MissingValues(
                            row.getLong("rows"),
                            Map.of(
                                "project_id", row.getLong("project_id"),
                                "network", row.getLong("network"),
                                "template", row.getLong("template"),
                                "status", row.getLong("status")))))
        .get(0);
  }

  /** The most frequent values of a column with their rows; an empty string stands for NULL too. */
  public Map<String, Long> values(ColumnFacts column) {
    NamedSql plain = questions.sql("values");
    NamedSql query =
        new NamedSql(
            plain.name(), plain.text().replace(":column", column.quoted()), plain.parameters());
    Map<String, Long> result = new LinkedHashMap<>();
    questions.ask(
        transaction ->
            transaction.read(
                query,
                Map.of(),
                row ->
                    result.put(
                        Optional.ofNullable(row.getString("value")).orElse(""),
                        row.getLong("rows"))));
    return result;
  }
}
