package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.OwnPostgres;
import io.deployments.exporter.testing.PgBouncer;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real PgBouncer makes of the usual errors, which all have one SQLSTATE then. */
class PoolerErrorsTest {

  private static final String USERS =
      "\"reader\" \"right\"\n\"busy\" \"right\"\n\"gone\" \"right\"";

  @TempDir private static Path folder;

  private static OwnPostgres postgres;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(PgBouncer.isInstalled(), "pgbouncer is not installed");
    postgres = OwnPostgres.in(Files.createDirectory(folder.resolve("postgres")));
    postgres.execute(
        TestDatabase.read("/database/schema.sql"),
        "CREATE ROLE reader LOGIN PASSWORD 'right'",
        "GRANT SELECT ON deployments TO reader",
        "CREATE ROLE busy LOGIN PASSWORD 'right' CONNECTION LIMIT 0");
  }

  @AfterAll
  static void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  private static PgBouncer pooler(String database, String... settings) throws IOException {
    return PgBouncer.start(
        postgres.port(), database, Files.createTempDirectory(folder, "pooler"), USERS, settings);
  }

  private static RefreshOutcome refresh(PgBouncer pooler, String database, String... credentials) {
    Settings settings = TestDatabase.settingsFor(pooler.url(database), credentials);
    try (Database reached =
        new Database(
            settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry())) {
      return new Refresher(
              reached, settings.scope(), settings.refresh().timeout(), InstantSource.system())
          .refresh();
    }
  }

  private static void assertFailed(RefreshOutcome outcome, boolean answered, String... words) {
    assertThat(outcome).isInstanceOf(RefreshOutcome.Failed.class);
    RefreshOutcome.Failed failed = (RefreshOutcome.Failed) outcome;
    assertThat(failed.message()).contains("(08P01)").contains(words);
    assertThat(failed.reason()).isEqualTo(FailureReason.CONNECT);
    assertThat(failed.serverAnswered()).as(failed.message()).isEqualTo(answered);
  }

  private static String[] as(String user, String password) {
    return new String[] {"DATABASE_USER", user, "DATABASE_PASSWORD", password};
  }

  @ParameterizedTest
  @ValueSource(strings = {"scram-sha-256", "md5", "plain"})
  void wrongCredentialsAreNamed(String type) throws IOException {
    try (PgBouncer pooler = pooler("*", "auth_type = " + type)) {
      assertThat(refresh(pooler, "postgres", as("reader", "right")))
          .isInstanceOf(RefreshOutcome.Succeeded.class);
      String[] advice = {"Check DATABASE_USER and DATABASE_PASSWORD (or _FILE)", "a pooler says"};
      assertFailed(refresh(pooler, "postgres", as("reader", "wrong")), true, advice);
      assertFailed(refresh(pooler, "postgres", as("nobody", "wrong")), true, advice);
      // The pooler knows it, the server doesn't.
      assertFailed(refresh(pooler, "postgres", as("gone", "right")), true, advice);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "postgres"})
  void anUnknownDatabaseIsNamed(String known) throws IOException {
    try (PgBouncer pooler = pooler(known, "auth_type = scram-sha-256")) {
      assertFailed(
          refresh(pooler, "elsewhere", as("reader", "right")),
          true,
          "elsewhere",
          "Check the database's name in DATABASE_URL");
    }
  }

  @Test
  void noMoreConnectionsAreNamed() throws IOException, SQLException {
    String advice = "Raise the server's max_connections or close other clients; a pooler says so";
    try (PgBouncer pooler = pooler("*", "auth_type = scram-sha-256", "max_client_conn = 1")) {
      assertFailed(refresh(pooler, "postgres", as("busy", "right")), true, "too many", advice);
      try (Connection other =
          DriverManager.getConnection(pooler.url("postgres"), "reader", "right")) {
        assertThat(other.isClosed()).isFalse();
        assertFailed(
            refresh(pooler, "postgres", as("reader", "right")), true, "max_client_conn", advice);
      }
    }
  }

  @Test
  void aPoolThatIsBusyAndAServerThatIsDownAreNoConnection() throws IOException, SQLException {
    String advice = "A pooler answered, and has no connection to the server";
    try (PgBouncer pooler =
        pooler(
            "*", "auth_type = scram-sha-256", "query_wait_timeout = 2", "server_login_retry = 1")) {
      try (Connection other =
              DriverManager.getConnection(pooler.url("postgres"), "reader", "right");
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("SELECT 1");
        assertFailed(refresh(pooler, "postgres", as("reader", "right")), false, advice);
      }
      postgres.stop();
      assertFailed(refresh(pooler, "postgres", as("reader", "right")), false, advice);
      pooler.restart(USERS);
      assertFailed(refresh(pooler, "postgres", as("reader", "right")), false, advice);
      postgres.startAgain();
      assertThat(refresh(pooler, "postgres", as("reader", "right")))
          .isInstanceOf(RefreshOutcome.Succeeded.class);
    }
  }
}
