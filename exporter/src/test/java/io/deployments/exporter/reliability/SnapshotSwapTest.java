package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Many scrapers while one snapshot replaces another: each sees one of them, whole. */
class SnapshotSwapTest {

  private static final int SCRAPERS = 64;
  private static final int SCRAPES = 10_000;
  private static final int SWAPS = 1_000;

  private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
  private final AtomicInteger scrapes = new AtomicInteger();
  private final AtomicInteger swaps = new AtomicInteger();

  @Test
  void everyScrapeIsOneSnapshot() throws SQLException {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      insert(postgres.connect());
      AtomicBoolean enough = new AtomicBoolean();
      CompletableFuture<Integer> writer =
          CompletableFuture.supplyAsync(() -> write(postgres, enough));
      try (RunningExporter exporter =
          RunningExporter.ready(
              postgres.settings("REFRESH_INTERVAL", "1ms", "MAX_TEMPLATES", "2"))) {
        ExporterClient client = exporter.client();
        try (Scrapes scrapers = Scrapes.of(client, SCRAPERS, 0, this::assertOneSnapshot)) {
          Await.until(
              () -> scrapes + " scrapes, " + swaps + " swaps",
              Duration.ofMinutes(15),
              () -> scrapers.haveFailed() || (scrapes.get() >= SCRAPES && swaps.get() >= SWAPS));
          scrapers
              .figures()
              .print(
                  SCRAPERS
                      + " scrapers, "
                      + swaps
                      + " swaps, "
                      + seen.size()
                      + " snapshots seen, 0 torn");
        }
      } finally {
        enough.set(true);
        assertThat(writer.join()).isGreaterThan(SWAPS / 10);
      }
    }
    // On a busy machine many snapshots come and go between two scrapes.
    assertThat(seen).hasSizeGreaterThan(SWAPS / 50);
  }

  /**
   * Transactions of which each leaves two thirds of the projects on metis, half of them failed, and
   * one template more.
   */
  private int write(TestDatabase postgres, AtomicBoolean enough) {
    int written = 0;
    try (Connection connection = postgres.connect()) {
      while (!enough.get()) {
        // One for each swap: a table that grows on would slow the refresh down.
        if (written <= swaps.get()) {
          insert(connection);
          written++;
        } else {
          LockSupport.parkNanos(1_000_000);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return written;
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO deployments VALUES
            (gen_random_uuid(), 'metis', 'erc20', 'success'),
            (gen_random_uuid(), 'metis', 'nft', 'failed'),
            (gen_random_uuid(), 'hyperion', 'nft', 'success'),
            (NULL, 'hyperion', 'z' || gen_random_uuid(), 'success')
          """);
    }
  }

  /** What SQL says of each committed state: with k transactions, 2k, k and 3k everywhere. */
  private void assertOneSnapshot(Exposition page) {
    double k = page.value("deployments_active_projects_1h", "network", "hyperion").orElseThrow();
    for (String window : List.of("1h", "24h", "7d", "30d")) {
      assertThat(
              List.of(
                  counts(page, window, "metis", "erc20", "success"),
                  counts(page, window, "metis", "erc20", "failed"),
                  counts(page, window, "metis", "nft", "success"),
                  counts(page, window, "metis", "nft", "failed"),
                  counts(page, window, "hyperion", "erc20", "success"),
                  counts(page, window, "hyperion", "erc20", "failed"),
                  counts(page, window, "hyperion", "nft", "success"),
                  counts(page, window, "hyperion", "nft", "failed"),
                  value(page, "deployments_active_projects_" + window, "network", "metis"),
                  value(page, "deployments_active_projects_" + window, "network", "hyperion"),
                  value(page, "deployments_active_projects_any_network_" + window),
                  projects(page, window, "metis", "erc20"),
                  projects(page, window, "metis", "nft"),
                  projects(page, window, "hyperion", "erc20"),
                  projects(page, window, "hyperion", "nft"),
                  value(page, "deployments_success_ratio_" + window, "network", "metis"),
                  value(page, "deployments_success_ratio_" + window, "network", "hyperion")))
          .isEqualTo(
              List.of(k, 0.0, 0.0, k, 0.0, 0.0, k, 0.0, 2 * k, k, 3 * k, k, k, 0.0, k, 0.5, 1.0));
    }
    // What the exporter says of itself is of the same refresh.
    assertThat(value(page, "deployments_exporter_folded_values", "label", "template")).isEqualTo(k);
    seen.add((int) k);
    int refreshes = (int) value(page, "deployments_exporter_refresh_duration_seconds_count");
    swaps.accumulateAndGet(refreshes, Math::max);
    // As many scrapes as are wanted for each swap: more would only keep the refresh waiting.
    if (scrapes.get() > swaps.get() * SCRAPES / SWAPS) {
      LockSupport.parkNanos(500_000_000);
    }
    scrapes.incrementAndGet();
  }

  private static double counts(
      Exposition page, String window, String network, String template, String status) {
    return value(
        page, "deployments_" + window, "network", network, "template", template, "status", status);
  }

  private static double projects(Exposition page, String window, String network, String template) {
    return value(
        page, "deployments_template_projects_" + window, "network", network, "template", template);
  }

  private static double value(Exposition page, String name, String... labels) {
    return page.value(name, labels).orElseThrow();
  }
}
