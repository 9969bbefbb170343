package io.deployments.exporter.check;

import io.deployments.exporter.database.ColumnFacts;
import io.deployments.exporter.database.ParentTable;
import io.deployments.exporter.database.ServerFacts;
import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.snapshot.LabelValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A view with the five columns, as far as it can be guessed from the columns of a table and of the
 * tables its foreign keys lead to. What can't be guessed is a blank such as {@code <<template>>},
 * which PostgreSQL refuses until it is filled in.
 */
final class ViewSkeleton {

  /** The view's schema, which no public API exposes. */
  private static final String SCHEMA = "telemetry";

  private final ServerFacts server;
  private final String view;
  private final TableFacts table;
  private final List<ColumnFacts> columns;
  private final Map<ParentTable, List<ColumnFacts>> parents = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> values;
  private final List<String> networks;

  /**
   * A skeleton over a table.
   *
   * @param parents columns of the tables it refers to; of two with one name the first is joined
   * @param values for a column of the table the values it holds, with their rows
   * @param networks the configured ones
   */
  ViewSkeleton(
      ServerFacts server,
      TableFacts table,
      List<ColumnFacts> columns,
      Map<ParentTable, List<ColumnFacts>> parents,
      Map<String, Map<String, Long>> values,
      List<String> networks) {
    this.server = server;
    // What is there under the usual name stays as it is.
    this.view =
        SCHEMA
            + (table.name().equals(SCHEMA + ".deployments")
                ? ".deployment_figures"
                : ".deployments");
    this.table = table;
    this.columns = columns;
    parents.forEach(
        (parent, itsColumns) -> {
          boolean taken =
              parent.bareName().equals(table.bareName())
                  || this.parents.keySet().stream()
                      .anyMatch(p -> p.bareName().equals(parent.bareName()));
          if (!taken) {
            this.parents.put(parent, itsColumns);
          }
        });
    this.values = values;
    this.networks = networks;
  }

  /** The column of the table itself that the view's column is made of, if there is a likely one. */
  static Optional<ColumnFacts> ownSource(WantedColumn wanted, List<ColumnFacts> columns) {
    return wanted
        .in(columns)
        .filter(column -> wanted.judge(column) != Verdict.FAIL)
        .or(() -> wanted.likelyIn(columns));
  }

  /** The statements, in order. */
  List<String> statements() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "-- Fill in what stands between << and >>, then run it as "
            + table.owner()
            + ", the owner of "
            + table.name()
            + ".");
    lines.add("CREATE SCHEMA IF NOT EXISTS " + SCHEMA + ";");
    lines.add("CREATE OR REPLACE VIEW " + view + " AS");
    lines.add("SELECT " + projectId() + " AS project_id,");
    lines.addAll(network());
    lines.add("       " + source(WantedColumn.TEMPLATE) + " AS template,");
    lines.addAll(status());
    lines.add("       " + source(WantedColumn.CREATED_AT) + " AS created_at");
    lines.add("FROM " + table.name() + (parents.isEmpty() ? ";" : ""));
    int[] left = {parents.size()};
    parents.keySet().forEach(parent -> lines.add(join(parent) + (--left[0] == 0 ? ";" : "")));
    lines.addAll(notes());
    lines.addAll(rights());
    lines.add("-- Then set DEPLOYMENTS_TABLE=" + view + " and run check again.");
    return lines;
  }

  private String projectId() {
    // A foreign key's target that has the very name is likelier than a name that is merely similar.
    return WantedColumn.PROJECT_ID
        .in(columns)
        .map(this::own)
        .or(() -> inParents(WantedColumn.PROJECT_ID))
        .orElseGet(() -> source(WantedColumn.PROJECT_ID));
  }

  private String source(WantedColumn wanted) {
    return ownSource(wanted, columns)
        .map(this::own)
        .orElseGet(() -> "<<" + wanted.sqlName() + ">>");
  }

  private String own(ColumnFacts column) {
    return table.bareName() + "." + column.quoted();
  }

  private Optional<String> inParents(WantedColumn wanted) {
    return parents.entrySet().stream()
        .flatMap(
            parent ->
                wanted.in(parent.getValue()).stream()
                    .map(column -> parent.getKey().bareName() + "." + column.quoted()))
        .findFirst();
  }

  /** With the names that look like a configured network's taken for it. */
  private List<String> network() {
    Optional<ColumnFacts> column = ownSource(WantedColumn.NETWORK, columns);
    Map<String, String> variants = new TreeMap<>();
    column.ifPresent(
        c -> values.getOrDefault(c.name(), Map.of()).keySet().forEach(v -> addIfOne(v, variants)));
    if (column.isEmpty() || variants.isEmpty() || !SqlText.arePlain(variants.keySet())) {
      return List.of("       " + source(WantedColumn.NETWORK) + " AS network,");
    }
    String text = "CAST(" + own(column.get()) + " AS text)";
    List<String> lines = new ArrayList<>();
    lines.add("       CASE " + text + "   -- as NETWORKS says; take out what is to stay apart");
    variants.forEach(
        (value, network) ->
            lines.add(
                "            WHEN %s THEN %s"
                    .formatted(SqlText.literal(value), SqlText.literal(network))));
    lines.add("            ELSE " + text);
    lines.add("       END AS network,");
    return lines;
  }

  private void addIfOne(String value, Map<String, String> variants) {
    String likeness = NetworkFindings.likeness(value, networks);
    networks.stream()
        .filter(n -> !networks.contains(value))
        .filter(n -> NetworkFindings.likeness(n, networks).equals(likeness))
        .findFirst()
        .ifPresent(network -> variants.put(value, network));
  }

  private List<String> status() {
    Optional<ColumnFacts> column = ownSource(WantedColumn.STATUS, columns);
    if (column.isEmpty()) {
      return List.of("       <<status>> AS status,");
    }
    String text = "CAST(" + own(column.get()) + " AS text)";
    Map<String, Long> known = values.getOrDefault(column.get().name(), Map.of());
    if (known.containsKey(LabelValues.SUCCESS)
        && StatusFindings.KNOWN.containsAll(known.keySet())) {
      return List.of("       " + text + " AS status,");
    }
    return List.of(
        "       CASE " + text,
        "            WHEN <<success>> THEN 'success'",
        "            WHEN <<failed>> THEN 'failed'",
        "            ELSE " + text,
        "       END AS status,");
  }

  private String join(ParentTable parent) {
    return IntStream.range(0, parent.ownColumns().size())
        .mapToObj(
            i ->
                "%s.%s = %s.%s"
                    .formatted(
                        parent.bareName(),
                        parent.keyColumns().get(i),
                        table.bareName(),
                        parent.ownColumns().get(i)))
        .collect(Collectors.joining(" AND ", "LEFT JOIN " + parent.name() + " ON ", ""));
  }

  /** What there is to fill the blanks with. */
  private List<String> notes() {
    List<String> lines = new ArrayList<>();
    lines.add("-- Columns of " + table.bareName() + ": " + list(columns));
    parents.forEach(
        (parent, its) -> lines.add("-- Columns of " + parent.bareName() + ": " + list(its)));
    for (WantedColumn wanted : List.of(WantedColumn.NETWORK, WantedColumn.STATUS)) {
      ownSource(wanted, columns)
          .ifPresent(
              column -> {
                Map<String, Long> known = values.getOrDefault(column.name(), Map.of());
                if (!known.isEmpty()) {
                  lines.add("-- " + own(column) + " holds " + SqlText.shown(known));
                } else if (!column.allowed().isEmpty()) {
                  lines.add("-- " + own(column) + " allows " + SqlText.oneLine(column.allowed()));
                }
              });
    }
    return lines;
  }

  private static String list(List<ColumnFacts> columns) {
    return columns.stream()
        .map(column -> column.quoted() + " " + column.type())
        .collect(Collectors.joining(", "));
  }

  private List<String> rights() {
    boolean needsRole = server.superuser() || table.owned();
    String role = needsRole ? "deployment_exporter" : server.role();
    String others =
        server.apiRoles().isEmpty() ? "PUBLIC" : "PUBLIC, " + String.join(", ", server.apiRoles());
    List<String> lines = new ArrayList<>();
    lines.add("ALTER VIEW " + view + " OWNER TO " + table.owner() + ";");
    lines.add("REVOKE ALL ON SCHEMA " + SCHEMA + " FROM " + others + ";");
    lines.add("REVOKE ALL ON " + view + " FROM " + others + ";");
    if (needsRole) {
      lines.add(
          "-- The role is made by database/exporter-role.sql; this one can do more than read.");
    }
    lines.add("GRANT USAGE ON SCHEMA " + SCHEMA + " TO " + role + ";");
    lines.add("GRANT SELECT ON " + view + " TO " + role + ";");
    return lines;
  }
}
