package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.PgBouncer;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through a pooler that hands one server session from client to client after each transaction. */
@Tag("postgres")
class PoolerTest {

  /** An hour of refreshes every 30 seconds. */
  private static final int REFRESHES = 120;

  private static final List<String> SESSION_SETTINGS =
      List.of(
          "default_transaction_isolation",
          "default_transaction_read_only",
          "transaction_isolation",
          "transaction_read_only",
          "statement_timeout",
          "lock_timeout",
          "extra_float_digits",
          "search_path");

  @TempDir private Path folder;

  private static Map<String, String> settings(Connection client) throws SQLException {
    Map<String, String> result = new TreeMap<>();
    try (Statement statement = client.createStatement()) {
      for (String name : SESSION_SETTINGS) {
        try (ResultSet row = statement.executeQuery("SHOW " + name)) {
          row.next();
          result.put(name, row.getString(1));
        }
      }
      try (ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_prepared_statements")) {
        row.next();
        result.put("prepared statements", row.getString(1));
      }
    }
    return result;
  }

  @Test
  void anHourOfRefreshesLeavesNothingBehind() throws Exception {
    assumeTrue(PgBouncer.isInstalled(), "pgbouncer is not installed");
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql");
        PgBouncer bouncer = PgBouncer.start(postgres, folder)) {
      postgres.execute(
          "INSERT INTO deployments SELECT 'p' || i, 'metis', 'erc20', 'success' FROM"
              + " generate_series(1, 500) AS i");
      Settings settings = postgres.settings("DATABASE_URL", bouncer.url(postgres.name()));
      try (Connection other =
              DriverManager.getConnection(
                  bouncer.url(postgres.name()) + "?prepareThreshold=0&assumeMinServerVersion=12",
                  "postgres",
                  "");
          Database database =
              new Database(
                  settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry())) {
        Map<String, String> before = settings(other);
        Refresher refresher =
            new Refresher(
                database, settings.scope(), settings.refresh().timeout(), InstantSource.system());
        for (int i = 0; i < REFRESHES; i++) {
          RefreshOutcome outcome = refresher.refresh();
          assertThat(outcome).isInstanceOf(RefreshOutcome.Succeeded.class);
          assertThat(settings(other)).as("after refresh " + i).isEqualTo(before);
        }
        try (HistoryTransaction history = database.beginHistory(settings.refresh().timeout());
            HistoryRows rows = history.rows(Instant.EPOCH, history.moment())) {
          int count = 0;
          while (rows.next()) {
            count++;
          }
          assertThat(count).isEqualTo(500);
        }
        assertThat(settings(other)).as("after a history").isEqualTo(before);
        // One server session served both clients all the time, and waits for no end of anything.
        assertThat(
                postgres.query(
                    "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"))
            .isEqualTo(List.of(List.of("idle")));
      }
    }
  }
}
