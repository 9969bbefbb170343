package io.deployments.exporter.database;

/**
 * A privilege on a table, on one of its columns or on its schema that somebody other than the
 * table's owner holds.
 *
 * @param onSchema whether it is one on the schema, and not on the table
 * @param privilege for example {@code SELECT}
 * @param grantee the role, quoted where SQL needs it, or {@code PUBLIC}
 * @param ours whether our role has it by this
 * @param own whether it was granted to our role by name
 * @param reaches whether the grantee may use the schema, without which a privilege is idle
 */
public record Grant(
    boolean onSchema,
    String privilege,
    String grantee,
    boolean ours,
    boolean own,
    boolean reaches) {}
