package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.OwnPostgres;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.SettableClock;
import io.deployments.exporter.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed, or was never there. */
@Tag("scaled")
class KilledDatabaseTest {

  /** The soak has all of them; a few do for every day. */
  private static final int KILLS = Integer.getInteger("soak.rounds") == null ? 4 : 20;

  private static final String PROJECTS = "deployments_active_projects_any_network_30d";

  @TempDir private Path folder;
  private OwnPostgres postgres;

  @BeforeEach
  void start() {
    postgres = OwnPostgres.in(folder);
    postgres.execute(
        TestDatabase.read("/database/schema.sql"),
        // Each aggregate takes long enough to be killed in its middle.
        "CREATE VIEW figures AS SELECT deployments.* FROM deployments, pg_sleep(0.05)",
        "INSERT INTO deployments VALUES ('p0', 'metis', 'erc20', 'success')");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private Settings settings(String interval) {
    return TestDatabase.settingsFor(
        postgres.url(), "DEPLOYMENTS_TABLE", "figures", "REFRESH_INTERVAL", interval);
  }

  @Test
  void lastValuesStayThenGoThenAreRightAgain() {
    SettableClock clock = new SettableClock(Instant.now());
    try (RunningExporter exporter = RunningExporter.start(settings("20ms"), clock)) {
      ExporterClient client = exporter.client();
      client.awaitReady();
      List<String> aggregates = aggregates(client);
      try (Scrapes scrapes = Scrapes.of(client, 2, 20, KilledDatabaseTest::assertWhole)) {
        for (int kill = 1; kill <= KILLS; kill++) {
          killInTheMiddle(client, clock, kill, aggregates.get(kill % aggregates.size()));
        }
        scrapes.figures().print(KILLS + " kills in the middle of a refresh");
      }
    }
  }

  private void killInTheMiddle(
      ExporterClient client, SettableClock clock, int kill, String aggregate) {
    postgres.execute("INSERT INTO deployments VALUES ('p" + kill + "', 'metis', 'nft', 'failed')");
    awaitProjects(client, kill + 1);
    double failures = client.failures("connect");
    awaitSleeping(Set.of(aggregate)::contains);
    postgres.kill();
    Await.until(
        () -> "the kill is noticed",
        Duration.ofMinutes(2),
        () -> client.failures("connect") > failures);
    assertThat(projects(client.metrics())).isEqualTo(kill + 1);
    clock.advance(Duration.ofMinutes(5));
    assertThat(projects(client.metrics())).isEqualTo(kill + 1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(projects(client.metrics())).isZero();
    assertThat(client.get("/-/ready").body()).contains("reason=connect");
    postgres.startAgain();
    awaitProjects(client, kill + 1);
    assertThat(client.get("/-/ready").statusCode()).isEqualTo(200);
  }

  private static void awaitProjects(ExporterClient client, int expected) {
    Await.until(
        () -> expected + " projects, but " + projects(client.metrics()),
        Duration.ofMinutes(2),
        () -> projects(client.metrics(PROJECTS)) == expected);
  }

  /** The statements of a refresh, as the server sees them. */
  private List<String> aggregates(ExporterClient client) {
    int expected = client.metrics().family("deployments_exporter_query_rows", "query").size();
    Set<String> seen = new LinkedHashSet<>();
    while (seen.size() < expected) {
      seen.add(awaitSleeping(query -> !seen.contains(query)));
    }
    return List.copyOf(seen);
  }

  /** Waits until such a statement sleeps in its middle, and gives it. */
  private String awaitSleeping(Predicate<String> wanted) {
    AtomicReference<String> found = new AtomicReference<>("");
    try (Connection connection = postgres.connect();
        PreparedStatement sleeping =
            connection.prepareStatement(
                "SELECT query FROM pg_stat_activity WHERE wait_event = 'PgSleep'")) {
      Await.until(
          () -> "an aggregate sleeps, but: " + found,
          Duration.ofMinutes(2),
          () -> {
            try (ResultSet row = sleeping.executeQuery()) {
              if (row.next()) {
                found.set(row.getString(1));
              }
              return !found.get().isEmpty() && wanted.test(found.get());
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
      return found.get();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int projects(Exposition page) {
    return page.value(PROJECTS).orElse(0.0).intValue();
  }

  /** All families of one moment, or none: every project has one deployment. */
  private static void assertWhole(Exposition page) {
    int projects = projects(page);
    List<String> families =
        page.families().stream()
            .filter(f -> f.startsWith("deployments_") && !f.startsWith("deployments_exporter_"))
            .toList();
    assertThat(families).hasSize(projects == 0 ? 0 : 4 * 5 + 1);
    if (projects > 0) {
      for (String window : List.of("1h", "24h", "7d", "30d")) {
        assertThat(page.value("deployments_active_projects_any_network_" + window))
            .contains((double) projects);
        assertThat(page.value("deployments_active_projects_" + window, "network", "metis"))
            .contains((double) projects);
        assertThat(
                page
                    .family("deployments_" + window, "network", "template", "status")
                    .values()
                    .stream()
                    .mapToDouble(value -> value)
                    .sum())
            .isEqualTo(projects);
        assertThat(page.value("deployments_success_ratio_" + window, "network", "metis"))
            .contains(1.0 / projects);
      }
    }
  }

  @Test
  void aServerThatIsNotThereAtStartIsFoundByTheNextRefresh() {
    postgres.kill();
    try (RunningExporter exporter =
        RunningExporter.start(settings("1500ms"), InstantSource.system())) {
      ExporterClient client = exporter.client();
      Await.until(() -> "tried", Duration.ofMinutes(2), () -> client.failures("connect") > 0);
      assertThat(client.get("/-/healthy").statusCode()).isEqualTo(200);
      assertThat(client.get("/-/ready").statusCode()).isEqualTo(503);
      assertThat(client.get("/-/ready").body()).contains("No good refresh yet", "reason=connect");
      assertThat(client.metrics().value("deployments_exporter_database_up")).contains(0.0);

      postgres.startAgain();
      double failures = client.failures("connect");
      client.awaitReady();
      // One try may have been under way when the server came; the next one, an interval later,
      // is the good one.
      assertThat(client.failures("connect")).isLessThanOrEqualTo(failures + 1);
      assertThat(projects(client.metrics())).isEqualTo(1);
    }
  }
}
