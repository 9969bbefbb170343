package io.deployments.exporter.database;

import java.util.List;

/**
 * A table that a foreign key leads to. Names are quoted where SQL needs it.
 *
 * @param oid its number in the catalog
 * @param name with its schema
 * @param bareName without its schema
 * @param ownColumns the columns of the foreign key
 * @param keyColumns the columns that they refer to, in the same order
 */
public record ParentTable(
    long oid, String name, String bareName, List<String> ownColumns, List<String> keyColumns) {

  /** Copies the lists. */
  public ParentTable {
    ownColumns = List.copyOf(ownColumns);
    keyColumns = List.copyOf(keyColumns);
  }
}
