package io.deployments.exporter.database;

/**
 * A table or view.
 *
 * @param oid its number in the catalog
 * @param schema quoted where SQL needs it, as all names here
 * @param name with the schema
 * @param bareName without the schema
 * @param kind what it is
 * @param owner the owning role
 * @param owned whether our role is the owner, or has all the owner may do
 * @param schemaUsable whether our role may use the schema
 * @param schemaWritable whether our role may create tables in the schema
 * @param readable whether our role may read the table
 * @param named whether it is the one that {@code DEPLOYMENTS_TABLE} names, and not just similar
 */
public record TableFacts(
    long oid,
    String schema,
    String name,
    String bareName,
    TableKind kind,
    String owner,
    boolean owned,
    boolean schemaUsable,
    boolean schemaWritable,
    boolean readable,
    boolean named) {}
