package io.deployments.exporter.check;

import io.deployments.exporter.database.ColumnFacts;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.DatabaseException;
import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.database.Grant;
import io.deployments.exporter.database.Inspection;
import io.deployments.exporter.database.ParentTable;
import io.deployments.exporter.database.ReadTable;
import io.deployments.exporter.database.ServerFacts;
import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.database.TableKind;
import io.deployments.exporter.database.TableScan;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Window;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Looks at everything, in the order in which an operator would mend it. What can't be looked at has
 * a line of its own, and the rest goes on.
 */
public final class Check {

  /** Longer than any of the small questions takes on a healthy database. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Settings settings;
  private final Database database;
  private final Inspection inspection;
  private final InstantSource clock;
  private final Consumer<String> output;
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);

  /**
   * A check that has not begun.
   *
   * @param database the way to the deployments, which stays open
   * @param output is given each line as soon as it is known
   */
  public Check(Settings settings, Database database, InstantSource clock, Consumer<String> output) {
    this.settings = settings;
    this.database = database;
    this.clock = clock;
    this.output = output;
    Duration timeout = settings.refresh().timeout();
    this.inspection =
        new Inspection(
            database,
            settings.database().table(),
            timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE);
  }

  /** Looks at everything once; false if something makes figures wrong or missing. */
  public boolean run() {
    guard("connection", this::server);
    output.accept("");
    int failed = counts.getOrDefault(Verdict.FAIL, 0);
    int warned = counts.getOrDefault(Verdict.WARN, 0);
    output.accept(
        failed + warned == 0
            ? "All is well."
            : failed + " to mend (fail), " + warned + " to look at (warn).");
    return failed == 0;
  }

  private void report(Finding finding) {
    counts.merge(finding.verdict(), 1, Integer::sum);
    finding.lines().forEach(output);
  }

  private void report(List<Finding> findings) {
    findings.forEach(this::report);
  }

  /** Runs a part of the check; what it can't find out is said in a line. */
  private void guard(String subject, Runnable part) {
    try {
      part.run();
    } catch (DatabaseException e) {
      // A question that took too long says nothing about the figures.
      report(
          e.reason() == FailureReason.TIMEOUT
              ? Finding.warn(subject, e.getMessage())
              : Finding.fail(subject, e.getMessage()));
    }
  }

  private void server() {
    ServerFacts server = inspection.server();
    report(ConnectionFindings.of(server));
    guard("table", () -> table(server));
  }

  private void table(ServerFacts server) {
    List<TableFacts> tables = inspection.tables();
    if (tables.isEmpty() || !tables.get(0).named()) {
      report(TableFindings.missing(settings.database().table(), tables));
      return;
    }
    TableFacts table = tables.get(0);
    report(TableFindings.found(table));
    List<ColumnFacts> columns = inspection.columns(table.oid());
    Finding finding = ColumnFindings.of(table, columns);
    if (finding.verdict() == Verdict.FAIL) {
      report(finding.with(skeleton(server, table, columns).statements()));
      List<ReadTable> below = inspection.below(table.oid());
      guard(
          "row security",
          () ->
              rowSecurity(server, table, below)
                  .map(found -> RowSecurityFindings.beforeView(found, table, below))
                  .ifPresent(this::report));
      return;
    }
    report(finding);
    privileges(server, table, columns);
  }

  private ViewSkeleton skeleton(ServerFacts server, TableFacts table, List<ColumnFacts> columns) {
    Map<ParentTable, List<ColumnFacts>> parents = new LinkedHashMap<>();
    inspection.parents(table.oid()).forEach(p -> parents.put(p, inspection.columns(p.oid())));
    Map<String, Map<String, Long>> values = new LinkedHashMap<>();
    Stream.of(WantedColumn.NETWORK, WantedColumn.STATUS)
        .flatMap(wanted -> ViewSkeleton.ownSource(wanted, columns).stream())
        .forEach(column -> values.put(column.name(), values(column)));
    return new ViewSkeleton(server, table, columns, parents, values);
  }

  /** Only a help for filling in blanks: without the right to read them it does without. */
  private Map<String, Long> values(ColumnFacts column) {
    try {
      return inspection.values(column);
    } catch (DatabaseException e) {
      return Map.of();
    }
  }

  private void privileges(ServerFacts server, TableFacts table, List<ColumnFacts> columns) {
    List<ReadTable> below = inspection.below(table.oid());
    Finding reading = PrivilegeFindings.reading(server, table, below);
    report(reading);
    guard(
        "writing",
        () -> {
          Map<String, List<Grant>> grants = new LinkedHashMap<>();
          below.forEach(t -> grants.put(t.name(), inspection.grants(t.oid())));
          report(PrivilegeFindings.writing(server, table, below, grants));
          PrivilegeFindings.readers(server, table, grants.getOrDefault(table.name(), List.of()))
              .forEach(this::report);
        });
    if (reading.verdict() == Verdict.OK) {
      rows(server, table, columns, below);
    }
  }

  private Optional<Finding> rowSecurity(
      ServerFacts server, TableFacts table, List<ReadTable> below) {
    if (PrivilegeFindings.reading(server, table, below).verdict() != Verdict.OK) {
      return Optional.empty();
    }
    inspection.hasRows();
    return Optional.of(
        RowSecurityFindings.of(server, table, below, inspection.rowSecurityApplies()));
  }

  private void rows(
      ServerFacts server, TableFacts table, List<ColumnFacts> columns, List<ReadTable> below) {
    Window largest = settings.scope().largestWindow();
    boolean[] hidden = {false};
    guard(
        "row security",
        () ->
            rowSecurity(server, table, below)
                .ifPresent(
                    found -> {
                      report(found);
                      hidden[0] = found.verdict() == Verdict.FAIL;
                    }));
    guard("index", () -> index(table, columns, below, largest));
    guard(
        "rows",
        () ->
            report(
                RowFindings.times(
                    table, inspection.timeRange(), largest, hidden[0], clock.instant())));
    guard(
        "values",
        () ->
            report(
                RowFindings.missing(table, inspection.missingValues(largest.length()), largest)));
    new AggregateRuns(settings, database).findings().forEach(this::report);
  }

  private void index(
      TableFacts table, List<ColumnFacts> columns, List<ReadTable> below, Window largest) {
    List<TableScan> scans = inspection.scans(largest.length());
    List<Long> seen =
        below.stream()
            .filter(t -> t.kind() != TableKind.VIEW && t.kind() != TableKind.FOREIGN_TABLE)
            .map(ReadTable::oid)
            .distinct()
            .toList();
    for (long oid : seen) {
      List<ColumnFacts> its = oid == table.oid() ? columns : inspection.columns(oid);
      IndexFindings.of(inspection.storage(oid), its, scans, largest).ifPresent(this::report);
    }
  }
}
