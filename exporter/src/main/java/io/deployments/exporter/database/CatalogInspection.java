package io.deployments.exporter.database;

import io.deployments.exporter.settings.TableName;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server and its catalog say about the deployments table, without reading it. Every method
 * throws {@link DatabaseException} if its answer can't be had in time.
 */
public final class CatalogInspection {

  private final Questions questions;

  /**
   * An inspection for the given table.
   *
   * @param patience the longest that one question may take
   */
  public CatalogInspection(Database database, TableName table, Duration patience) {
    this.questions = new Questions(database, table, patience);
  }

  /** The server, and the way to it. */
  public ServerFacts server() {
    return questions.ask(
        transaction -> {
          ServerAddress address = ServerAddress.of(transaction.connection());
          return transaction.read(questions.sql("server"), Map.of(), address::facts).get(0);
        });
  }

  /**
   * The table or view that the setting names, and some of a similar name that may be meant instead;
   * the one that is named comes first.
   */
  public List<TableFacts> tables() {
    List<String> parts = questions.table().parts();
    return questions.list(
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
    return questions.list(
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
    return questions.list(
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
    return questions.list(
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
    return questions.list(
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

  /** What the indexes of a table and its partitions are sorted by first, by their names. */
  public Map<String, String> firstKeys(long oid) {
    Map<String, String> result = new HashMap<>();
    questions
        .list(
            "indexes",
            Map.of("oid", oid),
            row -> Map.entry(row.getString("name"), row.getString("first_key")))
        .forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return result;
  }

  /** A table and its partitions, the table first. */
  public List<StoredTable> storage(long oid) {
    return questions.list(
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
}
