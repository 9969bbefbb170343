package io.deployments.exporter.database;

import java.util.Optional;

/**
 * How the rows of one table are found for a window.
 *
 * @param table with its schema, quoted where SQL needs it
 * @param indexed whether an index is asked for the window's rows alone
 * @param filter what is compared with the window's bounds row by row, as SQL without the table's
 *     name; empty if nothing is
 */
public record TableScan(String table, boolean indexed, Optional<String> filter) {}
