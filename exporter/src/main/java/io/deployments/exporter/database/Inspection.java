package io.deployments.exporter.database;

import io.deployments.exporter.settings.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Questions about the database and the table, each in a read-only transaction of its own, so that
 * one without an answer doesn't stand in the way of the others. Every method throws {@link
 * DatabaseException} if its answer can't be had in time.
 */
public final class Inspection {

  /** How a plan writes a time of which the session's zone is UTC, up to the second. */
  private static final DateTimeFormatter PLAN_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private final Database database;
  private final TableName table;
  private final Duration patience;

  /**
   * An inspection of the given table.
   *
   * @param patience the longest that one question may take
   */
  public Inspection(Database database, TableName table, Duration patience) {
    this.database = database;
    this.table = table;
    this.patience = patience;
  }

  private <T> T ask(Function<ReadTransaction, T> question) {
    try (ReadTransaction transaction = database.begin(Deadline.in(patience))) {
      return question.apply(transaction);
    }
  }

  private NamedSql sql(String name) {
    return NamedSql.load("check/" + name, table);
  }

  private <T> List<T> list(String name, Map<String, ?> values, RowMapper<T> mapper) {
    return ask(transaction -> transaction.read(sql(name), values, mapper));
  }

  /** The server, and the way to it. */
  public ServerFacts server() {
    return ask(
        transaction -> {
          ServerAddress address = ServerAddress.of(transaction.connection());
          return transaction.read(sql("server"), Map.of(), address::facts).get(0);
        });
  }

  /**
   * The table or view that the setting names, and some of a similar name that may be meant instead;
   * the one that is named comes first.
   */
  public List<TableFacts> tables() {
    List<String> parts = table.parts();
    return list(
        "tables",
        Map.of("schema", parts.size() > 1 ? parts.get(0) : "", "name", parts.get(parts.size() - 1)),
        row ->
            new TableFacts(
                row.getLong("oid"),
                row.getString("schema"),
                row.getString("name"),
                row.getString("bare_name"),
                TableKind.of(row.getString("kind")),
                row.getString("owner"),
                row.getBoolean("owned"),
                row.getBoolean("schema_usable"),
                row.getBoolean("schema_writable"),
                row.getBoolean("readable"),
                row.getBoolean("named")));
  }

  /** The columns of a table, in its order. */
  public List<ColumnFacts> columns(long oid) {
    return list(
        "columns",
        Map.of("oid", oid),
        row ->
            new ColumnFacts(
                row.getString("name"),
                row.getString("quoted"),
                row.getString("type"),
                row.getString("base_type"),
                row.getString("category"),
                row.getString("allowed")));
  }

  /** A table or view and all that is read through it, from top to bottom. */
  public List<ReadTable> below(long oid) {
    return list(
        "below",
        Map.of("oid", oid),
        row ->
            new ReadTable(
                row.getLong("oid"),
                row.getString("name"),
                TableKind.of(row.getString("kind")),
                row.getString("owner"),
                row.getString("reader"),
                row.getBoolean("readable"),
                row.getBoolean("security_invoker"),
                row.getBoolean("forced"),
                row.getBoolean("restricted"),
                row.getBoolean("allowed_all")));
  }

  /** Who besides its owner may do what with a table. */
  public List<Grant> grants(long oid) {
    return list(
        "grants",
        Map.of("oid", oid),
        row ->
            new Grant(
                row.getString("scope").equals("SCHEMA"),
                row.getString("privilege"),
                row.getString("grantee"),
                row.getBoolean("ours"),
                row.getBoolean("own"),
                row.getBoolean("reaches")));
  }

  /** The tables of the same owner that a table's foreign keys lead to. */
  public List<ParentTable> parents(long oid) {
    return list(
        "parents",
        Map.of("oid", oid),
        row ->
            new ParentTable(
                row.getLong("oid"),
                row.getString("name"),
                row.getString("bare_name"),
                Arrays.asList(row.getString("own_columns").split(",")),
                Arrays.asList(row.getString("key_columns").split(","))));
  }

  /** A table and its partitions, the table first. */
  public List<StoredTable> storage(long oid) {
    return list(
        "storage",
        Map.of("oid", oid),
        row ->
            new StoredTable(
                row.getString("name"),
                row.getString("bare_name"),
                row.getInt("level"),
                row.getBoolean("leaf"),
                row.getLong("bytes")));
  }

  /** Reads a row, if there is one: whether that is possible at all, and how. */
  public boolean hasRows() {
    return !list("first_row", Map.of(), row -> row.getInt(1)).isEmpty();
  }

  /**
   * Whether row-level security stands between us and some rows: with {@code row_security} off the
   * server refuses to answer, in the place of leaving them out. True also says nothing about
   * whether there are such rows. Ask {@link #hasRows()} first: the refusal looks like that for want
   * of a privilege.
   */
  public boolean rowSecurityApplies() {
    return ask(
        transaction -> {
          transaction.read(sql("row_security_off"), Map.of(), row -> row.getString(1));
          try {
            transaction.read(sql("first_row"), Map.of(), row -> row.getInt(1));
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
    return ask(
        transaction -> {
          Instant start = transaction.moment().minus(window);
          transaction.read(sql("plan_settings"), Map.of(), row -> row.getString(1));
          return PlanText.scans(
              transaction.read(
                  sql("plan"),
                  Map.of("start", start, "moment", transaction.moment()),
                  row -> row.getString(1)),
              PLAN_TIME.format(start));
        });
  }

  /** When the rows of the table are from. */
  public TimeRange timeRange() {
    return ask(transaction ->
            transaction.read(
                sql("all_rows"),
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
    return ask(transaction ->
            transaction.read(
                sql("window_rows"),
                Map.of("start", transaction.moment().minus(window), "moment", transaction.moment()),
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
    NamedSql plain = sql("values");
    NamedSql query =
        new NamedSql(
            plain.name(), plain.text().replace(":column", column.quoted()), plain.parameters());
    Map<String, Long> result = new LinkedHashMap<>();
    ask(
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
