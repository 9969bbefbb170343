package io.deployments.exporter.check;

import io.deployments.exporter.database.ColumnFacts;
import io.deployments.exporter.database.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the five columns are there, and of types that serve. */
final class ColumnFindings {

  private ColumnFindings() {}

  /** Without statements: what mends a missing column is a whole view. */
  static Finding of(TableFacts table, List<ColumnFacts> columns) {
    List<String> missing = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    Verdict worst = Verdict.OK;
    for (WantedColumn wanted : WantedColumn.values()) {
      Optional<ColumnFacts> found = wanted.in(columns);
      Verdict verdict = found.map(wanted::judge).orElse(Verdict.FAIL);
      if (verdict.compareTo(worst) > 0) {
        worst = verdict;
      }
      if (found.isEmpty()) {
        missing.add(wanted.sqlName());
      } else if (verdict != Verdict.OK) {
        odd.add(
            wanted.sqlName() + " is " + found.get().type() + " and should be " + wanted.types());
      }
    }
    if (worst == Verdict.OK) {
      return Finding.ok(
          "columns",
          WantedColumn.sqlNames().stream()
              .map(
                  name ->
                      columns.stream()
                          .filter(column -> column.name().equals(name))
                          .map(column -> name + " " + column.type())
                          .findFirst()
                          .orElseThrow())
              .collect(Collectors.joining(", ")));
    }
    List<String> problems = new ArrayList<>();
    if (!missing.isEmpty()) {
      problems.add(table.name() + " has no " + String.join(", no ", missing));
    }
    problems.addAll(odd);
    if (worst == Verdict.FAIL) {
      problems.add("a view can give it the five columns");
    }
    return new Finding(worst, "columns", String.join("; ", problems), List.of());
  }
}
