package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the next refresh comes after a slow one, and what the log says of it. */
class LateRefreshTest {

  private static final String INTERVAL = "deployments_exporter_refresh_interval_seconds";
  private static final String TOOK = "deployments_exporter_refresh_duration_seconds_sum";
  private static final String LAST = "deployments_exporter_refresh_last_success_timestamp_seconds";

  /** How long the table is locked: {@code -Dlock.seconds=40}. */
  private static final int LOCKED = Integer.getInteger("lock.seconds", 4);

  private static final double SHARE = 0.1;

  @TempDir private Path folder;

  private ExporterProcess exporter(TestDatabase postgres, String table) {
    return ExporterProcess.start(
        folder,
        List.of(),
        TestDatabase.environmentFor(
            postgres.url(),
            "DEPLOYMENTS_TABLE",
            table,
            "MAX_DATABASE_SHARE",
            String.valueOf(SHARE),
            "REFRESH_INTERVAL",
            "2s"));
  }

  private static double value(ExporterClient client, String name) {
    return client.metrics().value(name).orElseThrow();
  }

  @Test
  void aLockThatIsGoneDelaysNoRefreshAfterIt() throws SQLException {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql");
        ExporterProcess exporter = exporter(postgres, "deployments");
        Connection other = postgres.connect();
        Statement statement = other.createStatement()) {
      ExporterClient client = exporter.client();
      client.awaitReady();
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE deployments IN ACCESS EXCLUSIVE MODE");
      Await.until(
          () -> "a refresh that waits",
          Duration.ofSeconds(20),
          () ->
              postgres
                  .query("SELECT count(*) FROM pg_locks WHERE NOT granted")
                  .equals(List.of(List.of("1"))));
      Await.pass(Duration.ofSeconds(LOCKED));
      double before = value(client, TOOK);
      other.rollback();
      Await.until(
          () -> "the refresh that waited ends: " + exporter.log(),
          Duration.ofSeconds(20),
          () -> value(client, TOOK) >= before + LOCKED);
      assertThat(value(client, INTERVAL)).isLessThan(LOCKED / SHARE);
      double success = value(client, LAST);
      Await.until(
          () -> "another good one: " + exporter.log(),
          Duration.ofSeconds(20),
          () -> value(client, LAST) > success);
      System.out.printf(
          "After a lock of %d s the next two good refreshes were %.1f s apart%n%s",
          LOCKED, value(client, LAST) - success, exporter.log());
      assertThat(exporter.log()).containsPattern("Waited \\d+ s to begin reading \"deployments\"");
    }
  }

  @Test
  void statementsThatTakeTheirTimeAreTheReasonThatIsGiven() {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute(
          "CREATE VIEW slow AS SELECT deployments.* FROM deployments, pg_sleep(0.5);"
              + " INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
      try (ExporterProcess exporter = exporter(postgres, "slow")) {
        ExporterClient client = exporter.client();
        Await.until(
            () -> "two refreshes: " + exporter.log(),
            Duration.ofMinutes(2),
            () -> value(client, "deployments_exporter_refresh_duration_seconds_count") >= 2);
        assertThat(exporter.log())
            .containsPattern(
                "The next refresh begins [0-9.]+ s after this one did, and not 2\\.0 s: its"
                    + " statements ran for [0-9.]+ s, and MAX_DATABASE_SHARE is 0\\.1");
        assertThat(exporter.logged("The next refresh begins")).isEqualTo(1);
      }
    }
  }
}
