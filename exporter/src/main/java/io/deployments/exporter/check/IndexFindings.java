package io.deployments.exporter.check;

import io.deployments.exporter.database.ColumnFacts;
import io.deployments.exporter.database.StoredTable;
import io.deployments.exporter.database.TableScan;
import io.deployments.exporter.snapshot.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the rows of a window are found without reading all the others. */
final class IndexFindings {

  private static final String SUBJECT = "index";

  /** About 50,000 rows: read in some milliseconds, index or not. */
  private static final long SMALL_BYTES = 8 << 20;

  private IndexFindings() {}

  /**
   * The finding about one table.
   *
   * @param stored the table and its partitions
   * @param columns the table's columns
   * @param scans how a plan finds the rows of the window, of whatever tables
   */
  static Optional<Finding> of(
      List<StoredTable> stored, List<ColumnFacts> columns, List<TableScan> scans, Window window) {
    StoredTable table = stored.get(0);
    long bytes = stored.stream().mapToLong(StoredTable::bytes).sum();
    List<String> names = stored.stream().map(StoredTable::name).toList();
    List<TableScan> own = scans.stream().filter(scan -> names.contains(scan.table())).toList();
    boolean bounded = own.stream().anyMatch(scan -> scan.compared().isPresent());
    // What is looked up for each of the window's rows is compared with no bound, and isn't slow.
    List<TableScan> slow =
        own.stream().filter(scan -> scan.compared().isPresent() && scan.index().isEmpty()).toList();
    if (bounded && slow.isEmpty()) {
      return Optional.of(
          Finding.ok(
              SUBJECT, "%s: an index finds the rows of %s".formatted(table.name(), window.name())));
    }
    if (!bounded && scans.stream().anyMatch(scan -> scan.compared().isPresent())) {
      // The time comes from another table; this one is only joined.
      return Optional.empty();
    }
    if (bytes < SMALL_BYTES) {
      return Optional.of(
          Finding.ok(
              SUBJECT, table.name() + ": none needed, it is small (" + (bytes >> 10) + " kB)"));
    }
    if (!bounded) {
      return Optional.of(
          Finding.warn(
              SUBJECT,
              "%s: every refresh reads all of its %d MB, because the view works created_at out in"
                      .formatted(table.name(), bytes >> 20)
                  + " a way that keeps the window from reaching the table (a GROUP BY, say)"));
    }
    String compared =
        slow.stream().flatMap(scan -> scan.compared().stream()).findFirst().orElse("created_at");
    return Optional.of(
        Finding.warn(
                SUBJECT,
                "%s: none on %s, so every refresh reads all of its %d MB, however old"
                    .formatted(table.name(), compared, bytes >> 20))
            .with(statements(stored, key(compared) + include(columns, compared))));
  }

  private static String key(String compared) {
    return compared.matches("[a-z_][a-z0-9_]*|\"[^\"]+\"")
        ? "(" + compared + ")"
        : "((" + compared + "))";
  }

  /** With all five columns in the index the table itself needn't be touched. */
  private static String include(List<ColumnFacts> columns, String compared) {
    List<String> others = List.of("network", "template", "status", "project_id");
    List<String> names = columns.stream().map(ColumnFacts::name).toList();
    return names.containsAll(others) && compared.equals("created_at")
        ? " INCLUDE (" + String.join(", ", others) + ")"
        : "";
  }

  private static List<String> statements(List<StoredTable> stored, String definition) {
    StoredTable table = stored.get(0);
    if (stored.size() == 1 && table.leaf()) {
      return List.of("CREATE INDEX CONCURRENTLY ON %s %s;".formatted(table.name(), definition));
    }
    // CONCURRENTLY is refused on a partitioned table: one partition after the other then, and an
    // index of the whole that becomes valid when the last of them is attached.
    String schema = table.name().substring(0, table.name().length() - table.bareName().length());
    String whole = identifier(table.bareName(), "");
    Set<String> names = new HashSet<>(Set.of(whole));
    List<String> result = new ArrayList<>();
    result.add("CREATE INDEX %s ON ONLY %s %s;".formatted(whole, table.name(), definition));
    for (StoredTable partition : stored) {
      if (partition.level() == 1) {
        String name = identifier(partition.bareName(), "");
        if (!names.add(name)) {
          // Long names may begin alike.
          name = identifier(partition.bareName(), "_" + names.size());
          names.add(name);
        }
        String itsSchema =
            partition
                .name()
                .substring(0, partition.name().length() - partition.bareName().length());
        result.add(
            "CREATE INDEX %s%s ON %s %s;"
                .formatted(
                    partition.leaf() ? "CONCURRENTLY " : "", name, partition.name(), definition));
        result.add(
            "ALTER INDEX %s%s ATTACH PARTITION %s%s;".formatted(schema, whole, itsSchema, name));
      }
    }
    return result;
  }

  /** A name for an index that tells which table it is for, within PostgreSQL's 63 bytes. */
  private static String identifier(String table, String ending) {
    String plain = table.replaceAll("[^A-Za-z0-9_]", "");
    return "\"%s_created_at_exporter%s\""
        .formatted(plain.substring(0, Math.min(38, plain.length())), ending);
  }
}
