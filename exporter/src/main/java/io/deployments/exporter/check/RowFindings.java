package io.deployments.exporter.check;

import io.deployments.exporter.database.MissingValues;
import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.database.TimeRange;
import io.deployments.exporter.snapshot.Window;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Rows that count nowhere, or not as what they are. */
final class RowFindings {

  private RowFindings() {}

  /**
   * When the rows are from.
   *
   * @param hidden whether row-level security leaves rows out
   * @param now on the database's clock, or nearly
   */
  static List<Finding> times(
      TableFacts table, TimeRange range, Window largest, boolean hidden, Instant now) {
    List<Finding> findings = new ArrayList<>();
    findings.add(newest(table, range, largest, hidden, now));
    if (range.fromFuture() > 0) {
      findings.add(
          Finding.fail(
              "future",
              range.fromFuture()
                  + " rows are from the future, up to "
                  + range.furthest()
                  + ", and count nowhere until then; a timestamp without a zone is read as UTC",
              "SELECT * FROM " + table.name() + " WHERE created_at > now();"));
    }
    if (range.withoutTime() > 0) {
      findings.add(
          Finding.fail(
              "no time",
              range.withoutTime()
                  + " rows have no created_at, or -infinity there, and count nowhere",
              "SELECT * FROM "
                  + table.name()
                  + " WHERE created_at IS NULL OR created_at = '-infinity';"));
    }
    return findings;
  }

  private static Finding newest(
      TableFacts table, TimeRange range, Window largest, boolean hidden, Instant now) {
    if (range.newest().isEmpty()) {
      return hidden
          ? Finding.fail(
              "rows",
              "none that we may see: row-level security hides some or all of them, see above")
          : Finding.warn(
              "rows",
              table.name()
                  + (range.fromFuture() + range.withoutTime() == 0
                      ? " has none yet"
                      : " has none up to now")
                  + ", so every figure is 0");
    }
    Instant newest = range.newest().get().truncatedTo(ChronoUnit.SECONDS);
    return range.newest().get().isBefore(largest.start(now))
        ? Finding.warn(
            "rows",
            "none in the last %s, so every figure is 0; the newest is of %s"
                .formatted(largest.name(), newest))
        : Finding.ok("rows", "the newest is of " + newest);
  }

  /** NULL and empty values. */
  static List<Finding> missing(TableFacts table, MissingValues missing, Window largest) {
    List<Finding> findings = new ArrayList<>();
    for (String column : List.of("project_id", "network", "template", "status")) {
      long count = missing.byColumn().getOrDefault(column, 0L);
      if (count > 0) {
        findings.add(missing(table, column, count, missing.rows(), largest));
      }
    }
    if (missing.rows() == 0) {
      findings.add(Finding.ok("values", "no rows in the last " + largest.name() + " to look at"));
    } else if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "values",
              "none missing in the %d rows of the last %s"
                  .formatted(missing.rows(), largest.name())));
    }
    return findings;
  }

  private static Finding missing(
      TableFacts table, String column, long count, long rows, Window largest) {
    String message =
        "%s is NULL%s in %d of the %d rows of the last %s, which count %s"
            .formatted(
                column,
                column.equals("project_id") ? "" : " or empty",
                count,
                rows,
                largest.name(),
                column.equals("project_id")
                    ? "as deployments and as no project's"
                    : "as " + column + " 'unknown'");
    String none =
        column.equals("project_id")
            ? "project_id IS NULL"
            : "coalesce(CAST(" + column + " AS text), '') = ''";
    String look = "SELECT * FROM " + table.name() + " WHERE " + none + " LIMIT 10;";
    // Many tables have no templates; without the others no question of the dashboards is answered.
    return count == rows && !column.equals("template")
        ? Finding.fail("values", message, look)
        : Finding.warn("values", message, look);
  }
}
