package io.deployments.exporter.database;

/**
 * A table or view that is read on the way to the deployments.
 *
 * @param oid its number in the catalog
 * @param name with its schema, quoted where SQL needs it
 * @param kind what it is
 * @param owner the owning role
 * @param reader the role as which it is read: ours, or the owner of a view above it
 * @param readable whether that role may read it
 * @param securityInvoker whether it is a view that reads as whoever reads it
 * @param forced whether row-level security is forced upon the owner too
 * @param restricted whether row-level security applies to the reader
 * @param allowedAll whether a policy lets the reader see every row all the same
 */
public record ReadTable(
    long oid,
    String name,
    TableKind kind,
    String owner,
    String reader,
    boolean readable,
    boolean securityInvoker,
    boolean forced,
    boolean restricted,
    boolean allowedAll) {}
