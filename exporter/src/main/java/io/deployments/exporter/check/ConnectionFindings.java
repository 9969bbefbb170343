package io.deployments.exporter.check;

import io.deployments.exporter.database.ServerFacts;
import java.util.List;

/** The server, and the way to it. */
final class ConnectionFindings {

  /** The oldest server the exporter is made for. */
  private static final int OLDEST = 120_000;

  private ConnectionFindings() {}

  static List<Finding> of(ServerFacts server) {
    return List.of(
        Finding.ok(
            "connection",
            "%s at %s:%d, database %s"
                .formatted(server.role(), server.host(), server.port(), server.database())),
        pooler(server),
        encryption(server),
        version(server));
  }

  private static Finding pooler(ServerFacts server) {
    // PgBouncer and its like answer the login themselves, with a process number of their own.
    return Finding.ok(
        "pooler",
        server.pooled()
            ? "there is one: another process than the server's answered the login. The exporter"
                + " leaves nothing behind in its sessions"
            : "none: the server itself answered the login");
  }

  private static Finding encryption(ServerFacts server) {
    if (server.pooled() ? server.encryptionDemanded() : server.encryption().isPresent()) {
      String protocol =
          server.pooled() ? "to the pooler, as sslmode demands" : server.encryption().orElseThrow();
      return Finding.ok(
          "encryption",
          protocol
              + (server.certificateVerified() || server.hostIsLocal()
                  ? ""
                  : "; sslmode=verify-full would also make sure that it is the right server"));
    }
    if (server.hostIsLocal()) {
      return Finding.ok("encryption", "none needed on this machine");
    }
    return Finding.warn(
        "encryption",
        server.pooled()
            ? "not demanded: whether the way to the pooler is encrypted is up to the pooler"
            : "none: password and rows cross the network in plain text",
        "DATABASE_URL=...?sslmode=verify-full&sslrootcert=authority.pem"
            + (server.pooled() ? "" : "   # and ssl = on in postgresql.conf"));
  }

  private static Finding version(ServerFacts server) {
    String message =
        "PostgreSQL "
            + server.version()
            + (server.standby()
                ? ", a standby: run the statements below on its primary"
                : ", a primary");
    return server.versionNumber() >= OLDEST
        ? Finding.ok("server", message)
        : Finding.warn("server", message + "; the exporter is made for 12 and newer");
  }
}
