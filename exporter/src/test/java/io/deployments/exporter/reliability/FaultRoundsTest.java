package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.Footprint;
import io.deployments.exporter.testing.OwnPostgres;
import io.deployments.exporter.testing.TcpProxy;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault, made and mended over and over: what it says, and that nothing stays behind. */
@Tag("postgres")
@Tag("soak")
class FaultRoundsTest {

  /** How often each fault comes and goes. */
  private static final int ROUNDS = Integer.getInteger("soak.rounds", 100);

  @TempDir private static Path folder;

  private static Fault.Surroundings surroundings;

  /** One that gives the database time, and one that soon gives up. */
  private static Reader patient;

  private static Reader hasty;

  /** An exporter, and the role it logs in as. */
  private record Reader(String role, ExporterProcess exporter, ExporterClient client) {

    static Reader start(String role, String timeout) throws IOException {
      ExporterProcess exporter =
          ExporterProcess.start(
              Files.createDirectory(folder.resolve(role)),
              List.of("-Xmx128m"),
              TestDatabase.environmentFor(
                  "jdbc:postgresql://127.0.0.1:" + surroundings.proxy().port() + "/postgres",
                  "DATABASE_USER",
                  role,
                  "DEPLOYMENTS_TABLE",
                  "figures",
                  "REFRESH_INTERVAL",
                  "20ms",
                  "REFRESH_TIMEOUT",
                  timeout));
      ExporterClient client = exporter.client();
      client.awaitReady();
      return new Reader(role, exporter, client);
    }

    int connections() {
      return Integer.parseInt(
          surroundings
              .postgres()
              .query("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + role + "'"));
    }
  }

  @BeforeAll
  static void start() throws IOException {
    OwnPostgres postgres = OwnPostgres.in(folder);
    TcpProxy proxy = TcpProxy.to(postgres.port());
    surroundings = new Fault.Surroundings(postgres, proxy, new AtomicReference<>());
    postgres.execute(
        TestDatabase.read("/database/schema.sql"),
        "INSERT INTO deployments SELECT md5(i::text), CASE WHEN i % 3 = 0 THEN 'hyperion' ELSE"
            + " 'metis' END, 'template-' || i % 7, 'success' FROM generate_series(1, 3000) AS i",
        "ANALYZE deployments",
        "CREATE VIEW figures AS SELECT * FROM deployments",
        "CREATE ROLE hasty LOGIN",
        "CREATE ROLE reader LOGIN",
        // So that a small table needs temporary files.
        "ALTER ROLE reader SET work_mem = '64kB'",
        "GRANT SELECT ON figures TO hasty, reader");
    patient = Reader.start("reader", "30s");
    hasty = Reader.start("hasty", "1500ms");
  }

  @AfterAll
  static void stop() throws IOException {
    hasty.exporter().close();
    patient.exporter().close();
    surroundings.proxy().close();
    surroundings.postgres().close();
  }

  @ParameterizedTest
  @EnumSource
  void comesAndGoesAndLeavesNothingBehind(Fault fault) throws SQLException {
    Reader reader = fault.takesTime() ? hasty : patient;
    ExporterProcess exporter = reader.exporter();
    // The first time loads classes and fills caches, which is no leak.
    round(fault, reader);
    Footprint before = exporter.footprint();
    int connections = reader.connections();
    int logged = exporter.log().length();
    try (Scrapes scrapes = Scrapes.of(reader.client())) {
      for (int i = 0; i < ROUNDS; i++) {
        round(fault, reader);
      }
      scrapes.figures().print(fault + ", " + ROUNDS + " rounds");
    }
    Footprint after = exporter.footprint();
    System.out.printf(
        "%s: before %s, %d connections; after %s, %d connections%n",
        fault, before, connections, after, reader.connections());
    assertThat(after.hasGrownSince(before)).as("%s, then %s", before, after).isFalse();
    assertThat(reader.connections()).isLessThanOrEqualTo(2);
    String log = exporter.log().substring(logged);
    assertThat(log)
        .contains("reason=" + fault.reason())
        .contains(fault.words())
        .doesNotContain("Exception", "\tat ", "ERROR");
    // Each way in which it failed once, and not each time: a server that comes back slowly cuts the
    // connection, refuses the next, starts up, and recovers.
    assertThat(log.lines().filter(line -> line.contains("Refresh failed")).count())
        .isBetween((long) ROUNDS, 4L * ROUNDS);
  }

  private static void round(Fault fault, Reader reader) throws SQLException {
    ExporterClient client = reader.client();
    double failures = client.failures(fault.reason());
    int logged = reader.exporter().log().length();
    // Where it costs little, often enough to see whether each failure is logged.
    int wanted = fault.cost() == 1 ? 3 : 1;
    fault.begin(surroundings);
    try {
      Await.until(
          () -> fault + " is noticed, but: " + reader.exporter().log(),
          Duration.ofMinutes(2),
          () ->
              client.failures(fault.reason()) >= failures + wanted
                  // On a machine that pauses, the driver may be the first to give up.
                  && fault.words().stream()
                      .allMatch(reader.exporter().log().substring(logged)::contains));
      // What was read before stays.
      assertThat(client.metrics().value("deployments_active_projects_any_network_30d"))
          .contains(3000.0);
    } finally {
      fault.end(surroundings);
    }
    double success = client.lastSuccess();
    Await.until(
        () -> fault + " is over, but: " + reader.exporter().log(),
        Duration.ofMinutes(2),
        () -> client.lastSuccess() > success);
  }
}
