package io.deployments.exporter.database;

/**
 * A table or one of its partitions.
 *
 * @param name with its schema, quoted where SQL needs it
 * @param bareName without its schema, quoted likewise
 * @param level 0 for the table itself, 1 for its partitions and so on
 * @param leaf whether it holds rows itself
 * @param bytes size of its rows on disk
 */
public record StoredTable(String name, String bareName, int level, boolean leaf, long bytes) {}
