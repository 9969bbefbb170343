package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.snapshot.Aggregates;
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
import org.junit.jupiter.api.Test;

class ExporterMetricsTest {

  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void anIntervalOfCenturiesIsANumberToo() {
    Aggregates none = new Aggregates(T, List.of(), List.of(), WindowCounts.zero(4), List.of());
    Duration minute = Duration.ofMinutes(1);
    CurrentSnapshot current =
        new CurrentSnapshot(
            new RefreshSettings(minute, minute, minute, 1e-9), Window.ALWAYS, new SettableClock(T));
    PrometheusRegistry registry = new PrometheusRegistry();
    ExporterMetrics own = new ExporterMetrics(registry, current, new BuildInfo("1", "a"));
    RefreshOutcome slow =
        new RefreshOutcome.Succeeded(
            Snapshot.of(none, new Scope(List.of("metis"), Window.ALWAYS, 100)),
            T,
            minute,
            minute,
            List.of());
    current.accept(slow);
    own.accept(slow);
    assertThat(
            Exposition.parse(Pages.text(registry))
                .value("deployments_exporter_staleness_limit_seconds")
                .orElseThrow())
        .isGreaterThan(1e10);
  }
}
