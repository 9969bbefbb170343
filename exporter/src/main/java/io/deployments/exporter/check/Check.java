package io.deployments.exporter.check;

import io.deployments.exporter.database.CatalogInspection;
import io.deployments.exporter.database.ColumnFacts;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.DatabaseException;
import io.deployments.exporter.database.Grant;
import io.deployments.exporter.database.ParentTable;
import io.deployments.exporter.database.ReadTable;
import io.deployments.exporter.database.RowInspection;
import io.deployments.exporter.database.ServerFacts;
import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.settings.TableName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Looks at everything, in the order in which an operator would mend it. What can't be looked at has
 * a line of its own, and the rest goes on.
 */
public final class Check {

  /** Longer than any of the small questions takes on a healthy database. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final TableName name;
  private final List<String> networks;
  private final CatalogInspection catalog;
  private final RowInspection rows;
  private final RowCheck rowCheck;
  private final Report report;

  /**
   * A check that has not begun.
   *
   * @param database the way to the deployments, which stays open
   * @param output is given each line as soon as it is known
   */
  public Check(Settings settings, Database database, InstantSource clock, Consumer<String> output) {
    Duration timeout = settings.refresh().timeout();
    Duration patience = timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE;
    this.name = settings.database().table();
    this.networks = settings.scope().networks();
    this.report = new Report(output);
    this.catalog = new CatalogInspection(database, name, patience);
    this.rows = new RowInspection(database, name, patience);
    this.rowCheck = new RowCheck(settings, database, clock, catalog, rows, report);
  }

  /** Looks at everything once; false if something makes figures wrong or missing. */
  public boolean run() {
    report.require("connection", this::server);
    return report.end();
  }

  private void server() {
    ServerFacts server = catalog.server();
    report.addAll(ConnectionFindings.of(server));
    report.require("table", () -> table(server));
  }

  private void table(ServerFacts server) {
    List<TableFacts> tables = catalog.tables();
    if (tables.isEmpty() || !tables.get(0).named()) {
      report.add(TableFindings.missing(name, tables));
      return;
    }
    TableFacts table = tables.get(0);
    report.add(TableFindings.found(table));
    List<ColumnFacts> columns = catalog.columns(table.oid());
    Finding finding = ColumnFindings.of(table, columns);
    if (finding.verdict() == Verdict.FAIL) {
      report.add(finding.with(skeleton(server, table, columns).statements()));
      List<ReadTable> below = catalog.below(table.oid());
      report.attempt(
          "row security",
          () ->
              rowCheck
                  .rowSecurity(server, table, below)
                  .map(found -> RowSecurityFindings.beforeView(found, table, below))
                  .ifPresent(report::add));
      return;
    }
    report.add(finding);
    privileges(server, table, columns);
  }

  private ViewSkeleton skeleton(ServerFacts server, TableFacts table, List<ColumnFacts> columns) {
    Map<ParentTable, List<ColumnFacts>> parents = new LinkedHashMap<>();
    catalog.parents(table.oid()).forEach(p -> parents.put(p, catalog.columns(p.oid())));
    Map<String, Map<String, Long>> values = new LinkedHashMap<>();
    Stream.of(WantedColumn.NETWORK, WantedColumn.STATUS)
        .flatMap(wanted -> ViewSkeleton.ownSource(wanted, columns).stream())
        .forEach(column -> values.put(column.name(), values(column)));
    return new ViewSkeleton(server, table, columns, parents, values, networks);
  }

  /** Only a help for filling in blanks: without the right to read them it does without. */
  private Map<String, Long> values(ColumnFacts column) {
    try {
      return rows.values(column);
    } catch (DatabaseException e) {
      return Map.of();
    }
  }

  private void privileges(ServerFacts server, TableFacts table, List<ColumnFacts> columns) {
    List<ReadTable> below = catalog.below(table.oid());
    Finding reading = PrivilegeFindings.reading(server, table, below);
    report.add(reading);
    report.attempt(
        "writing",
        () -> {
          Map<String, List<Grant>> grants = new LinkedHashMap<>();
          below.forEach(t -> grants.put(t.name(), catalog.grants(t.oid())));
          report.add(PrivilegeFindings.writing(server, table, below, grants));
          PrivilegeFindings.readers(server, table, grants.getOrDefault(table.name(), List.of()))
              .forEach(report::add);
        });
    if (reading.verdict() == Verdict.OK) {
      rowCheck.run(server, table, columns, below);
    }
  }
}
