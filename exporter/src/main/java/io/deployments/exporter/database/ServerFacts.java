package io.deployments.exporter.database;

import java.util.List;
import java.util.Optional;

/**
 * The server, and the way to it.
 *
 * @param host where the connection leads to: the server, or a pooler in front of it
 * @param port its port
 * @param hostIsLocal whether that is this machine
 * @param database the database's name
 * @param role the role logged in as, quoted where SQL needs it
 * @param apiRoles the roles of a public API in front of the database, as Supabase has them
 * @param version as the server names it
 * @param versionNumber for example 150004
 * @param superuser whether the role is one
 * @param bypassesRowSecurity whether the role has {@code BYPASSRLS}
 * @param standby whether the server is a standby, which can't be written to
 * @param pooled whether the server process is another than the one that answered the login, which
 *     is how a pooler shows
 * @param encryption the protocol of the connection that the server sees; empty if in plain text
 * @param encryptionDemanded whether {@code sslmode} refuses plain text
 * @param certificateVerified whether {@code sslmode} verifies the server's certificate
 */
public record ServerFacts(
    String host,
    int port,
    boolean hostIsLocal,
    String database,
    String role,
    List<String> apiRoles,
    String version,
    int versionNumber,
    boolean superuser,
    boolean bypassesRowSecurity,
    boolean standby,
    boolean pooled,
    Optional<String> encryption,
    boolean encryptionDemanded,
    boolean certificateVerified) {

  /** Copies the list. */
  public ServerFacts {
    apiRoles = List.copyOf(apiRoles);
  }
}
