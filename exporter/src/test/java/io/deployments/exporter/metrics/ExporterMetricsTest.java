package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.Deployments;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.Window;
import io.deployments.exporter.snapshot.WindowCounts;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.SettableClock;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExporterMetricsTest {

  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final CurrentSnapshot current =
      new CurrentSnapshot(
          new RefreshSettings(MINUTE, MINUTE, MINUTE, 1e-9), Window.ALWAYS, new SettableClock(T));
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ExporterMetrics own =
      new ExporterMetrics(registry, current, new BuildInfo("1", "a"));

  private static RefreshOutcome good(String... queries) {
    Aggregates none =
        new Aggregates(
            T, new Deployments(List.of(), Map.of()), List.of(), WindowCounts.zero(4), List.of());
    return new RefreshOutcome.Succeeded(
        Snapshot.of(none, new Scope(List.of("metis"), Window.ALWAYS, 100)),
        T,
        MINUTE,
        MINUTE,
        Stream.of(queries).map(query -> new QueryRun(query, MINUTE, 1)).toList());
  }

  @Test
  void aQueryThatHasRunNoMoreIsGone() {
    own.accept(good("deployments", "projects"));
    own.accept(good("deployments", "active_projects"));
    Exposition page = Exposition.parse(Pages.text(registry));
    assertThat(page.family("deployments_exporter_query_rows", "query"))
        .containsOnlyKeys(List.of("active_projects"), List.of("deployments"));
    assertThat(page.family("deployments_exporter_query_duration_seconds", "query"))
        .containsOnlyKeys(List.of("active_projects"), List.of("deployments"));
  }

  @Test
  void anIntervalOfCenturiesIsANumberToo() {
    RefreshOutcome slow = good();
    current.accept(slow);
    own.accept(slow);
    assertThat(
            Exposition.parse(Pages.text(registry))
                .value("deployments_exporter_staleness_limit_seconds")
                .orElseThrow())
        .isGreaterThan(1e10);
  }
}
