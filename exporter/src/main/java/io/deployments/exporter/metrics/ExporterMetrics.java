package io.deployments.exporter.metrics;

import io.deployments.exporter.database.FailureReason;
import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.refresh.RefreshOutcome;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What the exporter says of itself: whether, when and how its refreshes worked. All of it may only
 * change when a refresh ends: until then it is written once for all scrapes.
 *
 * <p>Exemplars are off everywhere: they would need a tracing library, and there are no traces.
 */
public final class ExporterMetrics {

  private final Gauge databaseUp;
  private final Histogram refreshDuration;
  private final Counter refreshFailures;
  private final Gauge queryDuration;
  private final Gauge queryRows;
  private final Gauge foldedValues;

  /** Registers all families. */
  public ExporterMetrics(PrometheusRegistry registry, CurrentSnapshot current, BuildInfo build) {
    Gauge.builder()
        .withoutExemplars()
        .name("deployments_exporter_build_info")
        .help("Constant 1, labelled with the exporter's version, commit and Java version.")
        .labelNames("version", "revision", "java_version")
        .register(registry)
        .labelValues(build.version(), build.revision(), Runtime.version().toString())
        .set(1);
    databaseUp =
        Gauge.builder()
            .withoutExemplars()
            .name("deployments_exporter_database_up")
            .help(
                "1 if the database server answered the last attempt, even with an error; 0"
                    + " otherwise and before the first attempt.")
            .register(registry);
    databaseUp.set(0);
    GaugeWithCallback.builder()
        .name("deployments_exporter_refresh_last_success_timestamp_seconds")
        .help("Unix time at which the last successful refresh ended; 0 before the first.")
        .callback(
            callback ->
                callback.call(
                    current
                        .lastGood()
                        .map(good -> DeploymentFamilies.seconds(good.completedAt()))
                        .orElse(0.0)))
        .register(registry);
    refreshDuration =
        Histogram.builder()
            .withoutExemplars()
            .name("deployments_exporter_refresh_duration_seconds")
            .help("Duration of whole refreshes, connecting included, successful or not.")
            .classicOnly()
            .classicUpperBounds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
            .register(registry);
    refreshFailures =
        Counter.builder()
            .withoutExemplars()
            .name("deployments_exporter_refresh_failures_total")
            .help(
                "Refreshes that failed: connect (no usable connection), timeout (statement, lock or"
                    + " silence), query (any other SQL error), data (rows that make no snapshot).")
            .labelNames("reason")
            .register(registry);
    for (FailureReason reason : FailureReason.values()) {
      refreshFailures.initLabelValues(reason.label());
    }
    queryDuration =
        Gauge.builder()
            .withoutExemplars()
            .name("deployments_exporter_query_duration_seconds")
            .help("Duration of the last run of each aggregate query.")
            .labelNames("query")
            .register(registry);
    queryRows =
        Gauge.builder()
            .withoutExemplars()
            .name("deployments_exporter_query_rows")
            .help("Rows returned by the last run of each aggregate query.")
            .labelNames("query")
            .register(registry);
    seconds(
        registry,
        "deployments_exporter_refresh_interval_seconds",
        "Effective time from one refresh to the next: REFRESH_INTERVAL, or longer to keep"
            + " statements within MAX_DATABASE_SHARE.",
        current::effectiveInterval);
    seconds(
        registry,
        "deployments_exporter_staleness_limit_seconds",
        "Effective age of the last successful refresh from which deployment families are no longer"
            + " published: STALENESS_LIMIT, or three effective intervals if that is longer, the"
            + " longest since the last successful refresh.",
        current::stalenessLimit);
    foldedValues =
        Gauge.builder()
            .withoutExemplars()
            .name("deployments_exporter_folded_values")
            .help(
                "Values of the label that share the value other, because there are more than get"
                    + " series of their own. As of the last successful refresh.")
            .labelNames("label")
            .register(registry);
    for (String label : new String[] {"network", "template", "status"}) {
      foldedValues.initLabelValues(label);
    }
  }

  private static void seconds(
      PrometheusRegistry registry, String name, String help, Supplier<Duration> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(seconds(value.get())))
        .register(registry);
  }

  private static double seconds(Duration duration) {
    // Not toNanos: a tiny share of the time makes an interval of centuries, which is more than
    // fits.
    return duration.getSeconds() + duration.getNano() / 1e9;
  }

  /** Takes over how a refresh ended. */
  public void accept(RefreshOutcome outcome) {
    databaseUp.set(outcome.serverAnswered() ? 1 : 0);
    refreshDuration.observe(seconds(outcome.duration()));
    if (outcome instanceof RefreshOutcome.Succeeded) {
      // One that has run no more must not stay: which ones run depends on the table.
      queryDuration.clear();
      queryRows.clear();
    }
    for (QueryRun run : outcome.queries()) {
      queryDuration.labelValues(run.query()).set(seconds(run.duration()));
      queryRows.labelValues(run.query()).set((double) run.rows());
    }
    if (outcome instanceof RefreshOutcome.Succeeded good) {
      good.snapshot()
          .foldedValues()
          .forEach((label, folded) -> foldedValues.labelValues(label).set(folded));
    } else if (outcome instanceof RefreshOutcome.Failed failed) {
      refreshFailures.labelValues(failed.reason().label()).inc();
    }
  }
}
