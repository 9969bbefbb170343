package io.deployments.exporter.check;

import io.deployments.exporter.database.Grant;
import io.deployments.exporter.database.ReadTable;
import io.deployments.exporter.database.ServerFacts;
import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.database.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What our role and others may do: ours should read and no more, others not read the view. */
final class PrivilegeFindings {

  private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");

  private PrivilegeFindings() {}

  /** Whether the table, and what it is a view of, can be read. */
  static Finding reading(ServerFacts server, TableFacts table, List<ReadTable> below) {
    List<String> grants = new ArrayList<>();
    if (!table.schemaUsable()) {
      grants.add("GRANT USAGE ON SCHEMA " + table.schema() + " TO " + server.role() + ";");
    }
    if (!table.readable()) {
      grants.add("GRANT SELECT ON " + table.name() + " TO " + server.role() + ";");
    }
    if (!grants.isEmpty()) {
      return Finding.fail("reading", server.role() + " may not read " + table.name()).with(grants);
    }
    List<ReadTable> closed = below.stream().filter(t -> !t.readable()).toList();
    if (closed.isEmpty()) {
      return Finding.ok("reading", server.role() + " may read " + table.name());
    }
    List<String> invokers =
        below.stream()
            .filter(ReadTable::securityInvoker)
            .map(view -> "ALTER VIEW " + view.name() + " SET (security_invoker = false);")
            .toList();
    List<String> reads =
        closed.stream()
            .map(t -> "GRANT SELECT ON " + t.name() + " TO " + t.reader() + ";")
            .distinct()
            .toList();
    return Finding.fail(
            "reading",
            "%s reads %s as %s, who may not"
                    .formatted(table.name(), closed.get(0).name(), closed.get(0).reader())
                + (invokers.isEmpty() ? "" : ", because of security_invoker"))
        .with(invokers.isEmpty() ? reads : invokers);
  }

  /**
   * Whether nothing can be written.
   *
   * @param grants on each table that is read, by its name
   */
  static Finding writing(
      ServerFacts server,
      TableFacts table,
      List<ReadTable> below,
      Map<String, List<Grant>> grants) {
    if (server.superuser()) {
      return Finding.warn(
          "writing",
          server.role() + " is a superuser and may do anything",
          "-- Log in as the role that database/exporter-role.sql makes.");
    }
    List<String> owned =
        below.stream()
            .filter(t -> t.owner().equals(server.role()))
            .map(ReadTable::name)
            .distinct()
            .toList();
    if (table.owned() || !owned.isEmpty()) {
      return Finding.warn(
          "writing",
          server.role()
              + " owns "
              + (owned.isEmpty() ? table.name() : String.join(", ", owned))
              + " and may do anything with it",
          "-- Log in as the role that database/exporter-role.sql makes.");
    }
    Set<String> may = new TreeSet<>();
    List<String> fix = new ArrayList<>();
    grants.forEach(
        (name, itsGrants) ->
            itsGrants.stream()
                .filter(grant -> grant.ours() && isWrite(grant, table.name().equals(name)))
                .forEach(
                    grant -> {
                      String on = grant.onSchema() ? "SCHEMA " + table.schema() : name;
                      may.add(grant.privilege() + " on " + on);
                      fix.add(
                          "REVOKE %s ON %s FROM %s;"
                              .formatted(grant.privilege(), on, grant.grantee()));
                    }));
    if (server.bypassesRowSecurity()) {
      may.add("BYPASSRLS");
      fix.add("ALTER ROLE " + server.role() + " NOBYPASSRLS;");
    }
    return may.isEmpty()
        ? Finding.ok("writing", server.role() + " may not write")
        : Finding.warn(
                "writing", server.role() + " may do more than read: " + String.join(", ", may))
            .with(fix.stream().distinct().toList());
  }

  private static boolean isWrite(Grant grant, boolean isTop) {
    // The schemas below a view are their owner's business.
    return grant.onSchema() ? isTop : WRITES.contains(grant.privilege());
  }

  /** Who else may read a view, past the rights and the row-level security of its tables. */
  static Stream<Finding> readers(ServerFacts server, TableFacts table, List<Grant> grants) {
    if (table.kind() != TableKind.VIEW && table.kind() != TableKind.MATERIALIZED_VIEW) {
      return Stream.empty();
    }
    Map<String, String> others = new TreeMap<>();
    grants.stream()
        .filter(grant -> !grant.onSchema() && grant.privilege().equals("SELECT"))
        .filter(grant -> grant.reaches() && !grant.own())
        .filter(grant -> !grant.ours() || server.superuser() || grant.grantee().equals("PUBLIC"))
        .forEach(
            grant ->
                others.put(
                    grant.grantee(),
                    "REVOKE ALL ON " + table.name() + " FROM " + grant.grantee() + ";"));
    return Stream.of(
        others.isEmpty()
            ? Finding.ok(
                "readers",
                "nobody besides "
                    + Stream.of(table.owner(), server.role())
                        .distinct()
                        .collect(Collectors.joining(" and ")))
            : Finding.warn(
                    "readers",
                    "every row of the view can be read by " + String.join(", ", others.keySet()))
                .with(List.copyOf(others.values())));
  }
}
