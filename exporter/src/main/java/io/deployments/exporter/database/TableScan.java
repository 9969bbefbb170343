package io.deployments.exporter.database;

import java.util.Optional;

/**
 * How the rows of one table are found for a window.
 *
 * @param table with its schema, quoted where SQL needs it
 * @param index the index that is asked for the window's rows, quoted likewise; empty if they are
 *     picked from all rows
 * @param compared what is compared with the window's bounds, as SQL without the table's name; empty
 *     if nothing is
 */
public record TableScan(String table, Optional<String> index, Optional<String> compared) {}
