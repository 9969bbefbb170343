package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.StandbyPair;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reading from a streaming standby, whose queries the primary may cancel. */
class StandbyTest {

  private static Settings settings(StandbyPair pair, String table) {
    return TestDatabase.settingsFor(pair.standbyUrl(), "DEPLOYMENTS_TABLE", table);
  }

  @Test
  void recoveryConflictsAndAPromotionAreSurvivedAndCounted() throws Exception {
    assumeTrue(StandbyPair.isInstalled(), "postgresql-15 is not installed");
    try (StandbyPair pair = StandbyPair.start()) {
      pair.onPrimary(
          "CREATE TABLE deployments (project_id text, network text, template text, status text,"
              + " created_at timestamptz DEFAULT now())"
              // It would keep a VACUUM from removing rows.
              + " WITH (autovacuum_enabled = off)",
          "INSERT INTO deployments SELECT 'p' || i, 'metis', 'erc20', 'success'"
              + " FROM generate_series(1, 100) AS i",
          "CREATE VIEW slow AS SELECT d.* FROM deployments AS d, pg_sleep(20)");
      pair.awaitOnStandby("SELECT count(*) FROM slow WHERE false", "0");

      assertConflictIsNamed(pair);

      try (RunningExporter exporter = RunningExporter.ready(settings(pair, "deployments"))) {
        assertThat(exporter.metrics().value("deployments_active_projects_1h", "network", "metis"))
            .contains(50.0);
        pair.promote();
        pair.awaitOnStandby("SELECT pg_is_in_recovery()", "f");
        double before = lastSuccess(exporter);
        Await.until(
            () -> "a refresh after the promotion",
            Duration.ofSeconds(20),
            () -> lastSuccess(exporter) > before);
        assertThat(exporter.get("/-/ready").statusCode()).isEqualTo(200);
      }
    }
  }

  private static void assertConflictIsNamed(StandbyPair pair) throws Exception {
    Settings settings = settings(pair, "slow");
    try (Database database =
        new Database(
            settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry())) {
      Refresher refresher =
          new Refresher(
              database, settings.scope(), settings.refresh().timeout(), InstantSource.system());
      CompletableFuture<RefreshOutcome> refresh = CompletableFuture.supplyAsync(refresher::refresh);
      pair.awaitOnStandby(
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1");
      pair.onPrimary(
          "DELETE FROM deployments WHERE substr(project_id, 2)::int > 50", "VACUUM deployments");
      assertThat(refresh.get()).isInstanceOf(RefreshOutcome.Failed.class);
      RefreshOutcome.Failed failed = (RefreshOutcome.Failed) refresh.get();
      assertThat(failed.message()).contains("40001", "recovery conflict").doesNotContain("Check");
      assertThat(failed.reason()).isEqualTo(FailureReason.QUERY);
      assertThat(failed.serverAnswered()).isTrue();
      pair.awaitOnStandby("SELECT count(*) FROM deployments", "50");
    }
  }

  private static double lastSuccess(RunningExporter exporter) {
    return exporter
        .metrics()
        .value("deployments_exporter_refresh_last_success_timestamp_seconds")
        .orElseThrow();
  }
}
