package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.EmbeddedServer;
import io.deployments.exporter.testing.TestAuthority;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sslmode=verify-full} against a real server with certificates made here. */
@Tag("postgres")
class DatabaseTlsTest {

  @TempDir private static Path folder;

  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static EmbeddedPostgres postgres;
  private static Path data;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres =
        EmbeddedServer.start(
            EmbeddedServer.builder()
                .setDataDirectoryCustomizer(directory -> data = directory.toPath()));
    present(AUTHORITY.server());
    Files.writeString(folder.resolve("ca.crt"), AUTHORITY.pem());
    Files.writeString(folder.resolve("other.crt"), new TestAuthority("other").pem());
    execute("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
    execute(TestDatabase.read("/database/schema.sql"));
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Puts a certificate where the server reads it at its next reload. */
  private static void present(TestAuthority.Identity identity) throws IOException {
    Files.writeString(data.resolve("server.crt"), identity.certificatePem());
    Path key = data.resolve("server.key");
    Files.writeString(key, identity.keyPem());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  private static RefreshOutcome refresh(String host, String authority) {
    String url =
        "postgresql://%s:%d/postgres?sslmode=verify-full&sslrootcert=%s"
            .formatted(host, postgres.getPort(), folder.resolve(authority));
    Settings settings = TestDatabase.settingsFor(url);
    try (Database database =
        new Database(
            settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry())) {
      return new Refresher(
              database, settings.scope(), Duration.ofSeconds(20), InstantSource.system())
          .refresh();
    }
  }

  private static void assertRefused(RefreshOutcome outcome, String... words) {
    assertThat(outcome).isInstanceOf(RefreshOutcome.Failed.class);
    RefreshOutcome.Failed failed = (RefreshOutcome.Failed) outcome;
    assertThat(failed.reason()).isEqualTo(FailureReason.CONNECT);
    assertThat(failed.serverAnswered()).isFalse();
    assertThat(failed.message()).contains(words).doesNotContain("\n");
  }

  @Test
  void aCertificateOfTheRightAuthorityForTheRightHostServes() {
    assertThat(refresh("localhost", "ca.crt")).isInstanceOf(RefreshOutcome.Succeeded.class);
  }

  @Test
  void anotherAuthorityIsNamed() {
    assertRefused(refresh("localhost", "other.crt"), "sslrootcert", "authority");
  }

  @Test
  void anotherHostIsNamed() throws IOException, SQLException {
    assertPresentedIsRefused(
        AUTHORITY.issue("db", new GeneralName(GeneralName.dNSName, "db.example.com")), "host name");
  }

  @Test
  void aMissingAuthorityFileIsNamed() {
    assertRefused(refresh("localhost", "missing.crt"), "missing.crt");
  }

  @Test
  void anExpiredCertificateIsNamed() throws IOException, SQLException {
    Instant now = Instant.now();
    assertPresentedIsRefused(
        AUTHORITY.issue(
            "localhost",
            now.minus(Duration.ofDays(2)),
            now.minus(Duration.ofDays(1)),
            new GeneralName(GeneralName.dNSName, "localhost")),
        "expired");
  }

  private static void assertPresentedIsRefused(TestAuthority.Identity identity, String word)
      throws IOException, SQLException {
    present(identity);
    execute("SELECT pg_reload_conf()");
    try {
      // The reload takes effect a moment later.
      Await.until(
          () -> "a certificate that is refused",
          Duration.ofSeconds(20),
          () -> refresh("localhost", "ca.crt") instanceof RefreshOutcome.Failed);
      assertRefused(refresh("localhost", "ca.crt"), word);
    } finally {
      present(AUTHORITY.server());
      execute("SELECT pg_reload_conf()");
      Await.until(
          () -> "the right certificate again",
          Duration.ofSeconds(20),
          () -> refresh("localhost", "ca.crt") instanceof RefreshOutcome.Succeeded);
    }
  }
}
