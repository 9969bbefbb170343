package io.deployments.exporter.check;

import io.deployments.exporter.database.ReadTable;
import io.deployments.exporter.database.ServerFacts;
import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.database.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether row-level security leaves rows out without a word, and why. */
final class RowSecurityFindings {

  private static final String SUBJECT = "row security";

  private RowSecurityFindings() {}

  /**
   * The finding.
   *
   * @param applies whether the server refuses to answer with {@code row_security} off
   */
  static Finding of(ServerFacts server, TableFacts table, List<ReadTable> below, boolean applies) {
    if (!applies) {
      return Finding.ok(SUBJECT, "hides no row from " + server.role());
    }
    List<ReadTable> restricted = below.stream().filter(ReadTable::restricted).toList();
    List<ReadTable> hiding = restricted.stream().filter(t -> !t.allowedAll()).toList();
    if (hiding.isEmpty() && !restricted.isEmpty()) {
      ReadTable first = restricted.get(0);
      return Finding.ok(
          SUBJECT, "a policy of %s lets %s see every row".formatted(first.name(), first.reader()));
    }
    if (hiding.isEmpty()) {
      return Finding.fail(
          SUBJECT, "hides rows of a table that " + table.name() + " reads, through a function");
    }
    List<String> causes = new ArrayList<>();
    List<String> fix = new ArrayList<>();
    Optional<ReadTable> invoker = below.stream().filter(ReadTable::securityInvoker).findFirst();
    for (ReadTable hidden : hiding) {
      if (hidden.reader().equals(hidden.owner())) {
        causes.add(
            "%s has FORCE ROW LEVEL SECURITY, so it hides rows even from its owner %s, as whom %s"
                .formatted(hidden.name(), hidden.owner(), "it is read"));
        fix.add("ALTER TABLE " + hidden.name() + " NO FORCE ROW LEVEL SECURITY;");
        fix.add("-- or, to keep it: " + policy(hidden));
      } else if (invoker.isPresent() && hidden.reader().equals(server.role())) {
        causes.add(
            "%s hides rows from %s, as whom it is read because %s has security_invoker"
                .formatted(hidden.name(), hidden.reader(), invoker.get().name()));
        fix.add("ALTER VIEW " + invoker.get().name() + " SET (security_invoker = false);");
      } else if (table.kind() == TableKind.VIEW) {
        causes.add(
            "%s hides rows from %s, as whom the view reads it"
                .formatted(hidden.name(), hidden.reader()));
        fix.add("ALTER VIEW " + table.name() + " OWNER TO " + hidden.owner() + ";");
      } else {
        causes.add(hidden.name() + " hides rows from " + hidden.reader());
        fix.add(policy(hidden));
        fix.add("-- or a view of " + hidden.owner() + ": see docs/bring-your-own-table.md");
      }
    }
    return Finding.fail(SUBJECT, String.join("; ", causes)).with(fix.stream().distinct().toList());
  }

  /** The finding about a table to which a view of the given skeleton is yet to come. */
  static Finding beforeView(Finding finding, TableFacts table, List<ReadTable> below) {
    if (finding.verdict() != Verdict.FAIL) {
      return finding;
    }
    List<String> fix = new ArrayList<>();
    fix.add(
        "-- The view above is read as its owner, " + table.owner() + ", from whom it hides none.");
    below.stream()
        .filter(ReadTable::forced)
        .forEach(t -> fix.add("ALTER TABLE " + t.name() + " NO FORCE ROW LEVEL SECURITY;"));
    return finding.with(fix);
  }

  private static String policy(ReadTable table) {
    return "CREATE POLICY deployment_exporter_reads ON %s FOR SELECT TO %s USING (true);"
        .formatted(table.name(), table.reader());
  }
}
