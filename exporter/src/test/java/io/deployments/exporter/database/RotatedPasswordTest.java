package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.OwnPostgres;
import io.deployments.exporter.testing.PgBouncer;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password that changes while the exporter runs, and its file with it. */
class RotatedPasswordTest {

  /** For which a failed attempt to connect is the answer to the next one too. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @TempDir private static Path folder;

  private static OwnPostgres postgres;
  private static Path file;

  @BeforeAll
  static void start() throws IOException {
    postgres = OwnPostgres.in(Files.createDirectory(folder.resolve("postgres")));
    postgres.execute(TestDatabase.read("/database/schema.sql"));
    // As a person does it: the role's password is right, and asked for.
    Path rules = Path.of(postgres.query("SHOW hba_file"));
    postgres.execute("CREATE ROLE reader LOGIN", "GRANT SELECT ON deployments TO reader");
    Files.writeString(
        rules, "host all reader 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
    postgres.execute("SELECT pg_reload_conf()");
    file = folder.resolve("password");
  }

  @BeforeEach
  void firstPassword() throws IOException {
    postgres.execute("ALTER ROLE reader PASSWORD 'first'");
    Files.writeString(file, "first\n");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  private Settings settings(String url) {
    return TestDatabase.settingsFor(
        url, "DATABASE_USER", "reader", "DATABASE_PASSWORD_FILE", file.toString());
  }

  private static Refresher refresher(Database database, Settings settings) {
    return new Refresher(
        database, settings.scope(), settings.refresh().timeout(), InstantSource.system());
  }

  private static Database database(Settings settings) {
    return new Database(
        settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry());
  }

  private void endSessions() {
    postgres.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'reader'");
  }

  private static RefreshOutcome.Failed failure(Refresher refresher) {
    RefreshOutcome outcome = refresher.refresh();
    assertThat(outcome).isInstanceOf(RefreshOutcome.Failed.class);
    RefreshOutcome.Failed failed = (RefreshOutcome.Failed) outcome;
    assertThat(failed.reason()).isEqualTo(FailureReason.CONNECT);
    assertThat(failed.message()).doesNotContain("first", "second");
    Await.pass(PAUSE);
    return failed;
  }

  private static void assertGood(Refresher refresher) {
    assertThat(refresher.refresh()).isInstanceOf(RefreshOutcome.Succeeded.class);
  }

  @Test
  void theNextConnectionHasTheNewOne() throws IOException {
    Settings settings = settings(postgres.url());
    try (Database database = database(settings)) {
      Refresher refresher = refresher(database, settings);
      assertGood(refresher);
      postgres.execute("ALTER ROLE reader PASSWORD 'second'");
      // The session that there is stays good.
      assertGood(refresher);
      endSessions();
      assertThat(failure(refresher).serverAnswered()).isTrue();
      assertThat(failure(refresher).message()).contains("28P01");
      Files.writeString(file, "second\n");
      assertGood(refresher);
    }
  }

  @Test
  void aFileThatCannotBeReadIsAFailureThatNamesIt() throws IOException {
    Settings settings = settings(postgres.url());
    try (Database database = database(settings)) {
      Refresher refresher = refresher(database, settings);
      assertGood(refresher);
      Files.delete(file);
      assertGood(refresher);
      endSessions();
      failure(refresher);
      assertThat(failure(refresher).message())
          .isEqualTo(
              "Failed connecting: DATABASE_PASSWORD_FILE is '"
                  + file
                  + "', no UTF-8 file that this process can read");
      Files.writeString(file, "first");
      assertGood(refresher);
    }
  }

  @Test
  void throughAPoolerThatHasItInAFile() throws IOException {
    throughPooler("\"reader\" \"first\"", "\"reader\" \"second\"", "auth_type = scram-sha-256");
  }

  @Test
  void throughAPoolerThatAsksTheServer() throws IOException {
    throughPooler(
        "\"postgres\" \"\"",
        "\"postgres\" \"\"",
        "auth_type = scram-sha-256",
        "auth_user = postgres",
        "auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1");
  }

  private void throughPooler(String before, String after, String... more) throws IOException {
    assumeTrue(PgBouncer.isInstalled(), "pgbouncer is not installed");
    Path home = Files.createTempDirectory(folder, "pooler");
    try (PgBouncer pooler = PgBouncer.start(postgres.port(), "*", home, before, more)) {
      Settings settings = settings(pooler.url("postgres"));
      try (Database database = database(settings)) {
        Refresher refresher = refresher(database, settings);
        assertGood(refresher);
        postgres.execute("ALTER ROLE reader PASSWORD 'second'");
        endSessions();
        pooler.restart(after);
        failure(refresher);
        RefreshOutcome.Failed failed = failure(refresher);
        assertThat(failed.message()).contains("08P01", "DATABASE_PASSWORD (or _FILE)");
        assertThat(failed.serverAnswered()).isTrue();
        Files.writeString(file, "second\n");
        assertGood(refresher);
      }
    }
  }
}
