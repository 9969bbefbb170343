package io.deployments.exporter.metrics;

import io.deployments.exporter.snapshot.Snapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All deployment families of a scrape, from one snapshot; none while there is no fresh one, so that
 * nobody takes old figures for new.
 */
public final class DeploymentCollector implements MultiCollector {

  private record Families(Snapshot snapshot, MetricSnapshots metrics) {}

  private static final MetricSnapshots NONE = MetricSnapshots.of();

  private final Supplier<Optional<Snapshot>> fresh;
  private @Nullable Families last;

  /**
   * A collector.
   *
   * @param fresh the current snapshot, empty while there is none or it is stale
   */
  public DeploymentCollector(Supplier<Optional<Snapshot>> fresh) {
    this.fresh = fresh;
  }

  /** All families, the very same object as long as the snapshot is the same. */
  @Override
  public MetricSnapshots collect() {
    return fresh.get().map(this::families).orElse(NONE);
  }

  /** Made once per snapshot, by the first who asks. */
  @SuppressWarnings("ReferenceEquality") // The same snapshot, not an equal one; and cheap.
  private synchronized MetricSnapshots families(Snapshot snapshot) {
    Families families = last;
    if (families == null || families.snapshot() != snapshot) {
      families = new Families(snapshot, DeploymentFamilies.of(snapshot));
      last = families;
    }
    return families.metrics();
  }
}
