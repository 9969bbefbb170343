package io.deployments.exporter.database;

/**
 * A column.
 *
 * @param name as the catalog spells it
 * @param quoted as SQL writes it
 * @param type for example {@code character varying(50)}
 * @param baseType for example {@code varchar}; of a domain the type it stands on
 * @param category of the type, as {@code pg_type.typcategory}: {@code S} for strings, {@code E} for
 *     enums, {@code D} for times, {@code N} for numbers
 * @param allowed text that holds the values its type or a constraint allows as SQL literals; empty
 *     if there is no such bound
 */
public record ColumnFacts(
    String name, String quoted, String type, String baseType, String category, String allowed) {}
