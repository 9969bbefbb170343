package io.deployments.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.SettableClock;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the exporter does, and says, when the database is not as it should be. */
@Tag("postgres")
class DatabaseFailureTest {

  private TestDatabase postgres;

  @BeforeEach
  void createTable() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
  }

  @AfterEach
  void drop() {
    postgres.close();
  }

  private static RefreshOutcome.Failed refresh(Settings settings) {
    try (Database database =
        new Database(
            settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry())) {
      RefreshOutcome outcome =
          new Refresher(
                  database, settings.scope(), settings.refresh().timeout(), InstantSource.system())
              .refresh();
      assertThat(outcome).isInstanceOf(RefreshOutcome.Failed.class);
      RefreshOutcome.Failed failed = (RefreshOutcome.Failed) outcome;
      assertThat(failed.message()).doesNotContain("\n").doesNotContain("tiger");
      assertThat(failed.duration())
          .isLessThan(settings.refresh().timeout().plus(Duration.ofSeconds(10)));
      return failed;
    }
  }

  private static void assertFailed(
      RefreshOutcome.Failed failed, FailureReason reason, boolean answered, String... words) {
    assertThat(failed.message()).contains(words);
    assertThat(failed.reason()).isEqualTo(reason);
    assertThat(failed.serverAnswered()).isEqualTo(answered);
  }

  @Test
  void aWrongPasswordIsNamed() throws IOException {
    postgres.execute("DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN PASSWORD 'right'");
    Path rules = Path.of(postgres.query("SHOW hba_file").get(0).get(0));
    String before = Files.readString(rules);
    Files.writeString(rules, "host all locked 127.0.0.1/32 scram-sha-256\n" + before);
    try {
      postgres.execute("SELECT pg_reload_conf()");
      assertFailed(
          refresh(postgres.settings("DATABASE_USER", "locked", "DATABASE_PASSWORD", "tiger")),
          FailureReason.CONNECT,
          true,
          "28P01",
          "DATABASE_USER and DATABASE_PASSWORD");
    } finally {
      Files.writeString(rules, before, StandardCharsets.UTF_8);
      postgres.execute("SELECT pg_reload_conf()");
    }
  }

  @Test
  void aHostWhereNobodyListensIsNamed() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertFailed(
        refresh(postgres.settings("DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + free + "/x")),
        FailureReason.CONNECT,
        false,
        "127.0.0.1:" + free,
        "host and port in DATABASE_URL");
  }

  @Test
  void aHostNameThatDoesNotExistIsNamed() {
    assertFailed(
        refresh(postgres.settings("DATABASE_URL", "postgresql://no-such-host.invalid/x")),
        FailureReason.CONNECT,
        false,
        "no-such-host.invalid",
        "DATABASE_URL");
  }

  @Test
  void aMissingDatabaseIsNamed() {
    assertFailed(
        refresh(
            postgres.settings(
                "DATABASE_URL", postgres.url().replace(postgres.name(), "elsewhere"))),
        FailureReason.CONNECT,
        true,
        "3D000",
        "elsewhere",
        "DATABASE_URL");
  }

  @Test
  void aMissingTableIsNamed() {
    assertFailed(
        refresh(postgres.settings("DEPLOYMENTS_TABLE", "no.such")),
        FailureReason.QUERY,
        true,
        "42P01",
        "no.such",
        "DEPLOYMENTS_TABLE");
  }

  @Test
  void aMissingColumnIsNamed() {
    postgres.execute("ALTER TABLE deployments RENAME template TO kind");
    assertFailed(
        refresh(postgres.settings()), FailureReason.QUERY, true, "42703", "template", "view");
  }

  @Test
  void aMissingPrivilegeIsNamedWithTheGrant() {
    postgres.execute("DROP ROLE IF EXISTS nobody; CREATE ROLE nobody LOGIN");
    assertFailed(
        refresh(postgres.settings("DATABASE_USER", "nobody")),
        FailureReason.QUERY,
        true,
        "42501",
        "GRANT SELECT ON \"deployments\" TO nobody");
  }

  @Test
  void aLockedTableEndsInATimeout() throws SQLException {
    try (Connection other = postgres.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE deployments IN ACCESS EXCLUSIVE MODE");
      RefreshOutcome.Failed failed = refresh(postgres.settings("REFRESH_TIMEOUT", "2s"));
      assertFailed(failed, FailureReason.TIMEOUT, true, "55P03", "pg_locks");
      // Waiting is no load: the next try comes after the ordinary interval.
      assertThat(failed.statements()).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void aTimeThatIsNoneSaysSo() {
    postgres.execute("ALTER TABLE deployments ALTER created_at DROP DEFAULT");
    postgres.execute("ALTER TABLE deployments ALTER created_at TYPE bigint USING 0");
    assertFailed(refresh(postgres.settings()), FailureReason.QUERY, true, "42883", "`check`");
  }

  @Test
  void aServerWithoutTlsSaysSo() {
    RefreshOutcome.Failed failed =
        refresh(postgres.settings("DATABASE_URL", postgres.url() + "?sslmode=require"));
    assertFailed(failed, FailureReason.CONNECT, true, "08004", "sslmode in DATABASE_URL");
    assertThat(failed.message()).doesNotContain("..");
  }

  @Test
  void aConditionIsTheSameWhicheverStatementMeetsIt() {
    postgres.execute("ALTER TABLE deployments RENAME project_id TO project");
    RefreshOutcome.Failed missing = refresh(postgres.settings());
    assertThat(missing.message()).contains("reading projects", missing.condition());
    assertThat(missing.condition()).contains("42703", "project_id").doesNotContain("reading");
  }

  @Test
  void aTimeoutOfWeeksIsOne() {
    try (RunningExporter exporter =
        RunningExporter.ready(postgres.settings("REFRESH_TIMEOUT", "365d"))) {
      assertThat(exporter.metrics().value("deployments_exporter_database_up")).contains(1.0);
    }
  }

  @Test
  void aSlowQueryEndsInATimeout() {
    postgres.execute(
        """
        CREATE VIEW slow AS SELECT deployments.* FROM deployments, pg_sleep(20);
        """);
    assertFailed(
        refresh(postgres.settings("REFRESH_TIMEOUT", "2s", "DEPLOYMENTS_TABLE", "slow")),
        FailureReason.TIMEOUT,
        true,
        "57014",
        "REFRESH_TIMEOUT");
  }

  @Test
  void aServerThatAcceptsAndNeverAnswersIsNoConnection() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertFailed(
          refresh(
              postgres.settings(
                  "REFRESH_TIMEOUT",
                  "1100ms",
                  "DATABASE_URL",
                  "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x")),
          FailureReason.CONNECT,
          false,
          "no answer within REFRESH_TIMEOUT");
    }
  }

  @Test
  void theExporterServesWithoutADatabaseAndRecoversByItself() {
    postgres.execute("ALTER TABLE deployments RENAME TO away");
    try (RunningExporter exporter =
        RunningExporter.start(postgres.settings(), InstantSource.system())) {
      Await.until(
          () -> "a failure counted",
          Duration.ofSeconds(20),
          () -> failures(exporter.metrics(), "query") > 0);
      assertThat(exporter.get("/-/healthy").statusCode()).isEqualTo(200);
      assertThat(exporter.get("/-/ready").statusCode()).isEqualTo(503);
      assertThat(exporter.get("/-/ready").body()).contains("No good refresh yet", "reason=query");
      Exposition page = exporter.metrics();
      assertThat(page.families())
          .noneMatch(f -> f.startsWith("deployments_") && !f.startsWith("deployments_exporter_"));
      assertThat(page.value("deployments_exporter_refresh_last_success_timestamp_seconds"))
          .contains(0.0);
      assertThat(page.value("deployments_exporter_database_up")).contains(1.0);

      postgres.execute("ALTER TABLE away RENAME TO deployments");
      exporter.awaitReady();
      assertThat(exporter.metrics().value("deployments_active_projects_1h", "network", "metis"))
          .contains(1.0);
    }
  }

  @Test
  void anErrorIsCountedAndIsNoDatabaseThatIsDown() {
    InstantSource clock =
        () -> {
          if (Thread.currentThread().getName().equals("refresh")) {
            throw new OutOfMemoryError("expected by the test");
          }
          return Instant.now();
        };
    try (RunningExporter exporter = RunningExporter.start(postgres.settings(), clock)) {
      Await.until(
          () -> "a failure counted",
          Duration.ofSeconds(20),
          () -> failures(exporter.metrics(), "data") > 0);
      assertThat(exporter.metrics().value("deployments_exporter_database_up")).contains(1.0);
      assertThat(exporter.get("/-/ready").body()).contains("No good refresh yet", "reason=data");
    }
  }

  @Test
  void figuresStayUntilTheStalenessLimitAndThenGo() {
    SettableClock clock = new SettableClock(Instant.now());
    try (RunningExporter exporter = RunningExporter.start(postgres.settings(), clock)) {
      exporter.awaitReady();
      postgres.execute("DROP TABLE deployments");
      Await.until(
          () -> "a failure counted",
          Duration.ofSeconds(20),
          () -> failures(exporter.metrics(), "query") > 0);
      assertThat(exporter.metrics().value("deployments_active_projects_any_network_30d"))
          .contains(1.0);
      clock.advance(Duration.ofSeconds(301));
      Exposition page = exporter.metrics();
      assertThat(page.value("deployments_active_projects_any_network_30d")).isEmpty();
      assertThat(page.value("deployments_exporter_staleness_limit_seconds")).contains(300.0);
      assertThat(exporter.get("/-/ready").statusCode()).isEqualTo(503);
    }
  }

  private static double failures(Exposition page, String reason) {
    return page.value("deployments_exporter_refresh_failures_total", "reason", reason)
        .orElseThrow();
  }
}
