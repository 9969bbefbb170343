package io.deployments.exporter.check;

import io.deployments.exporter.database.CatalogInspection;
import io.deployments.exporter.database.ColumnFacts;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.ReadTable;
import io.deployments.exporter.database.RowInspection;
import io.deployments.exporter.database.ServerFacts;
import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.database.TableKind;
import io.deployments.exporter.database.TableScan;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Window;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the rows of a table that has the five columns and can be read. */
final class RowCheck {

  private final Settings settings;
  private final Database database;
  private final InstantSource clock;
  private final CatalogInspection catalog;
  private final RowInspection rows;
  private final Report report;

  RowCheck(
      Settings settings,
      Database database,
      InstantSource clock,
      CatalogInspection catalog,
      RowInspection rows,
      Report report) {
    this.settings = settings;
    this.database = database;
    this.clock = clock;
    this.catalog = catalog;
    this.rows = rows;
    this.report = report;
  }

  /** Whether rows are hidden; empty if that can't be asked for want of the right to read any. */
  Optional<Finding> rowSecurity(ServerFacts server, TableFacts table, List<ReadTable> below) {
    if (PrivilegeFindings.reading(server, table, below).verdict() != Verdict.OK) {
      return Optional.empty();
    }
    rows.hasRows();
    return Optional.of(RowSecurityFindings.of(server, table, below, rows.rowSecurityApplies()));
  }

  void run(ServerFacts server, TableFacts table, List<ColumnFacts> columns, List<ReadTable> below) {
    Window largest = settings.scope().largestWindow();
    boolean[] hidden = {false};
    report.attempt(
        "row security",
        () ->
            rowSecurity(server, table, below)
                .ifPresent(
                    found -> {
                      report.add(found);
                      hidden[0] = found.verdict() == Verdict.FAIL;
                    }));
    report.attempt("index", () -> index(table, columns, below, largest));
    report.attempt(
        "rows",
        () ->
            report.addAll(
                RowFindings.times(table, rows.timeRange(), largest, hidden[0], clock.instant())));
    report.attempt(
        "values",
        () ->
            report.addAll(
                RowFindings.missing(table, rows.missingValues(largest.length()), largest)));
    new AggregateRuns(settings, database).findings().forEach(report::add);
  }

  private void index(
      TableFacts table, List<ColumnFacts> columns, List<ReadTable> below, Window largest) {
    List<TableScan> scans = rows.scans(largest.length());
    List<Long> seen =
        below.stream()
            .filter(t -> t.kind() != TableKind.VIEW && t.kind() != TableKind.FOREIGN_TABLE)
            .map(ReadTable::oid)
            .distinct()
            .toList();
    for (long oid : seen) {
      List<ColumnFacts> its = oid == table.oid() ? columns : catalog.columns(oid);
      IndexFindings.of(catalog.storage(oid), its, scans(oid, scans), largest)
          .ifPresent(report::add);
    }
  }

  /**
   * The scans, of which those through an index that is sorted by something else first are none: all
   * of the index is read then.
   */
  private List<TableScan> scans(long oid, List<TableScan> scans) {
    Map<String, String> firstKeys = catalog.firstKeys(oid);
    return scans.stream()
        .map(
            scan ->
                scan.index()
                        .flatMap(index -> Optional.ofNullable(firstKeys.get(index)))
                        .filter(key -> !key.equals(scan.compared().orElse(key)))
                        .isPresent()
                    ? new TableScan(scan.table(), Optional.empty(), scan.compared())
                    : scan)
        .toList();
  }
}
