package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.Footprint;
import io.deployments.exporter.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days of scrapes, refreshes and questions in minutes, with a heap of 64 MB. */
@Tag("soak")
class MemorySoakTest {

  private static final int MINUTES = Integer.getInteger("soak.minutes", 60);

  @TempDir private Path folder;

  @Test
  void nothingGrowsAndNothingFails() {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql");
        ExporterProcess exporter =
            ExporterProcess.start(
                folder,
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                TestDatabase.environmentFor(
                    postgres.url(), "REFRESH_INTERVAL", "50ms", "STALENESS_LIMIT", "1h"))) {
      // 2 networks, 100 templates and the rest: as many series as there may be by default.
      postgres.execute(
          "INSERT INTO deployments SELECT 'p' || i % 500, CASE WHEN i % 3 = 0 THEN 'hyperion' ELSE"
              + " 'metis' END, 'template-' || i % 150, CASE WHEN i % 7 = 0 THEN 'failed' ELSE"
              + " 'success' END FROM generate_series(1, 5000) AS i");
      ExporterClient client = exporter.client();
      client.awaitReady();
      // Until caches are full and code is compiled, growth is no leak.
      Scrapes.Figures warmUp = load(client, Duration.ofSeconds(MINUTES * 15L));
      Footprint before = exporter.footprint();
      Scrapes.Figures figures = load(client, Duration.ofSeconds(MINUTES * 45L));
      Footprint after = exporter.footprint();
      Exposition page = client.metrics();
      warmUp.print("-Xmx64m, first quarter of " + MINUTES + " min");
      figures.print(
          "-Xmx64m, "
              + page.value("deployments_exporter_refresh_duration_seconds_count").orElseThrow()
              + " refreshes, before "
              + before
              + "; after "
              + after);
      assertThat(after.hasGrownSince(before)).as("%s, then %s", before, after).isFalse();
      assertThat(
              page.family("deployments_exporter_refresh_failures_total", "reason").values().stream()
                  .mapToDouble(count -> count)
                  .sum())
          .isZero();
      assertThat(exporter.process().isAlive()).isTrue();
      assertThat(exporter.log()).doesNotContain("Exception", "\tat ", "ERROR", "OutOfMemory");
    }
  }

  /** Everything at once, and quiet again after that: what is under way is no leak. */
  private static Scrapes.Figures load(ExporterClient client, Duration time) {
    try (Scrapes scrapes = Scrapes.of(client, 4, 20, page -> {})) {
      ask(client, time);
      return scrapes.figures();
    }
  }

  /** Asks over a number of days that is no window, so that the database is asked, too. */
  private static void ask(ExporterClient client, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    int[] asked = {0};
    Map<Integer, String> questions =
        Map.of(0, "active-projects", 1, "deployment-stats", 2, "template-adoption");
    Await.until(
        () -> asked[0] + " questions",
        time.plusMinutes(5),
        () -> {
          int i = asked[0]++;
          String path = "/api/v1/" + questions.get(i % 3) + "?network=metis&days=" + (1 + i % 366);
          assertThat(client.get(path).statusCode()).as(path).isEqualTo(200);
          return System.nanoTime() > end;
        });
  }
}
