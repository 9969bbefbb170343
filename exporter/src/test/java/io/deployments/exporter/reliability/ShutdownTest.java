package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.TestDatabase;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, as an orchestrator sends it before it loses its patience. */
class ShutdownTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir private Path folder;

  @Test
  void aRequestUnderWayIsAnswered() throws InterruptedException {
    assertEnds("0.8", Set.of(200));
  }

  @Test
  void aRequestThatTakesForeverDelaysNobody() throws InterruptedException {
    assertEnds("60", Set.of(0, 503));
  }

  /** In one of three times: a machine that pauses for seconds is nobody's fault. */
  private void assertEnds(String seconds, Set<Integer> statuses) throws InterruptedException {
    for (int times = 1; !endsInTime(seconds, statuses); times++) {
      assertThat(times).as("times it took too long").isLessThan(3);
    }
  }

  /**
   * Whether it ends in time, and the request got one of the statuses, of which 0 stands for no
   * answer. How it ends is to be right in any case.
   */
  private boolean endsInTime(String seconds, Set<Integer> statuses) throws InterruptedException {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql");
        ExporterProcess exporter =
            ExporterProcess.start(
                folder,
                List.of(),
                // The first refresh is the only one: what sleeps is a question of the API.
                TestDatabase.environmentFor(
                    postgres.url(), "REFRESH_INTERVAL", "1h", "DEPLOYMENTS_TABLE", "figures"))) {
      postgres.execute("CREATE VIEW figures AS SELECT * FROM deployments");
      ExporterClient client = exporter.client();
      client.awaitReady();
      postgres.execute(
          "CREATE OR REPLACE VIEW figures AS SELECT deployments.* FROM deployments, pg_sleep("
              + seconds
              + ")");
      CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> status(client));
      Await.until(
          () -> "the query runs",
          Duration.ofMinutes(2),
          () -> answer.isDone() || connections(postgres, "AND wait_event = 'PgSleep'") == 1);

      long start = System.nanoTime();
      exporter.terminate();
      int exit = exporter.awaitExit(Duration.ofMinutes(1));
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf(
          "SIGTERM with a query of %s s under way: exit %d after %.1f s, the request got %d%n",
          seconds, exit, taken.toMillis() / 1e3, answer.join());

      assertThat(exit).isIn(0, 143);
      assertThat(exporter.log()).doesNotContain("Exception", "\tat ", "ERROR");
      Await.until(
          () -> "connections are closed",
          Duration.ofMinutes(2),
          () -> connections(postgres, "AND state <> 'active'") == 0);
      return taken.compareTo(PATIENCE) <= 0 && statuses.contains(answer.join());
    }
  }

  private static int status(ExporterClient client) {
    try {
      HttpResponse<String> answer = client.get("/api/v1/active-projects?network=metis&days=29");
      return answer.statusCode();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  private static int connections(TestDatabase postgres, String condition) {
    return Integer.parseInt(
        postgres
            .query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid() "
                    + condition)
            .get(0)
            .get(0));
  }
}
