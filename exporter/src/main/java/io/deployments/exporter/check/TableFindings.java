package io.deployments.exporter.check;

import io.deployments.exporter.database.TableFacts;
import io.deployments.exporter.settings.TableName;
import java.util.List;

/** Whether the table that the setting names is there. */
final class TableFindings {

  private TableFindings() {}

  static Finding found(TableFacts table) {
    return Finding.ok(
        "table", "%s, a %s owned by %s".formatted(table.name(), table.kind(), table.owner()));
  }

  /**
   * There is none.
   *
   * @param similar tables that may be meant
   */
  static Finding missing(TableName name, List<TableFacts> similar) {
    if (similar.isEmpty()) {
      return Finding.fail(
          "table",
          "there is no " + name + ", nor anything with 'deployment' in its name",
          "-- Set DEPLOYMENTS_TABLE, or make the table: psql -f database/schema.sql");
    }
    return Finding.fail(
            "table",
            name
                + " is not there"
                + (name.parts().size() == 1 ? ", or in a schema off the search path" : "")
                + "; one of these may be meant")
        .with(
            similar.stream()
                .map(table -> "DEPLOYMENTS_TABLE='" + table.name() + "'   # a " + table.kind())
                .toList());
  }
}
