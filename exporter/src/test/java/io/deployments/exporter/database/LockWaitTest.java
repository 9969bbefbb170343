package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waiting for another session's lock is no work, whatever is read. */
class LockWaitTest {

  private static final Duration WAIT = Duration.ofSeconds(2);

  /** Whoever may read only some columns may not lock the table. */
  private static final String SHAPES =
      """
      CREATE TABLE parted (LIKE deployments) PARTITION BY RANGE (created_at);
      CREATE TABLE part PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2100-01-01');
      CREATE TABLE long_ago PARTITION OF parted FOR VALUES FROM ('2010-01-01') TO ('2020-01-01');
      CREATE VIEW viewed AS SELECT * FROM deployments;
      CREATE MATERIALIZED VIEW stored AS SELECT * FROM deployments;
      CREATE TABLE secured (LIKE deployments);
      ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
      CREATE POLICY all_rows ON secured USING (true);
      CREATE EXTENSION postgres_fdw;
      CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (port 'PORT', dbname 'NAME');
      CREATE USER MAPPING FOR PUBLIC SERVER itself
          OPTIONS (user 'postgres', password_required 'false');
      CREATE FOREIGN TABLE foreign_one (project_id text, network text, template text, status text,
          created_at timestamptz) SERVER itself OPTIONS (table_name 'deployments');
      DROP ROLE IF EXISTS columns_only;
      CREATE ROLE columns_only LOGIN;
      GRANT SELECT (project_id, network, template, status, created_at)
          ON deployments, parted, secured, viewed, stored, foreign_one TO columns_only;
      """;

  @ParameterizedTest
  @CsvSource({
    "deployments, deployments",
    "parted,      part",
    "viewed,      deployments",
    "stored,      stored",
    "secured,     secured",
    "foreign_one, foreign_one",
  })
  void aWaitIsNoWork(String read, String locked) throws Exception {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute(
          SHAPES.replace("PORT", postgres.port() + "").replace("NAME", postgres.name()));
      Settings settings =
          postgres.settings("DEPLOYMENTS_TABLE", read, "DATABASE_USER", "columns_only");
      try (Database database =
              new Database(
                  settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry());
          Connection other = postgres.connect();
          Statement statement = other.createStatement()) {
        Refresher refresher =
            new Refresher(
                database, settings.scope(), settings.refresh().timeout(), InstantSource.system());
        other.setAutoCommit(false);
        statement.execute(strongestLock(locked));
        CompletableFuture<RefreshOutcome> refresh =
            CompletableFuture.supplyAsync(refresher::refresh);
        Await.until(
            () -> "a refresh that waits",
            Duration.ofSeconds(20),
            () ->
                postgres
                    .query(
                        "SELECT count(*) FROM pg_locks JOIN pg_database ON database ="
                            + " pg_database.oid WHERE NOT granted AND datname ="
                            + " current_database()")
                    .equals(List.of(List.of("1"))));
        Await.pass(WAIT);
        other.rollback();
        RefreshOutcome outcome = refresh.get();
        assertThat(outcome).isInstanceOf(RefreshOutcome.Succeeded.class);
        assertThat(outcome.duration().minus(outcome.statements())).isGreaterThanOrEqualTo(WAIT);
        assertThat(outcome.queries())
            .allSatisfy(run -> assertThat(run.duration()).isLessThan(outcome.statements()));
      }
    }
  }

  private static String strongestLock(String table) {
    return switch (table) {
      case "stored" -> "ALTER MATERIALIZED VIEW stored RENAME COLUMN status TO state";
      case "foreign_one" -> "ALTER FOREIGN TABLE foreign_one RENAME COLUMN status TO state";
      default -> "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE";
    };
  }
}
