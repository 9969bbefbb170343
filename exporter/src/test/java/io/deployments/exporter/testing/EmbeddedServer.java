package io.deployments.exporter.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;

/** A real PostgreSQL server, started from binaries on the class path. */
public final class EmbeddedServer {

  private EmbeddedServer() {}

  /** A server builder that works in every time zone and locale. */
  public static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setLocaleConfig("locale", "C")
        .setLocaleConfig("encoding", "UTF-8")
        .setPGStartupWait(Duration.ofMinutes(1))
        // Durability is not what tests and demo are about, speed is.
        .setServerConfig("fsync", "off")
        // Tests count statements with it.
        .setServerConfig("shared_preload_libraries", "pg_stat_statements");
  }

  /**
   * Starts the server.
   *
   * @throws IllegalStateException that says what to do, if it can't be started here
   */
  public static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
    try {
      return builder.start();
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "The embedded PostgreSQL did not start. As root it needs user namespaces (`unshare -U"
              + " true` must work) and a temporary folder that other users can enter; else run as"
              + " an ordinary user.",
          e);
    }
  }
}
