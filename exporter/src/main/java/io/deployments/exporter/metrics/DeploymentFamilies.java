package io.deployments.exporter.metrics;

import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.TemplateProjects;
import io.deployments.exporter.snapshot.Window;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The deployment families of one snapshot, as in {@code docs/metrics.md}:
 *
 * <pre>
 * deployments_30d{network="metis",status="success",template="erc20"} 812.0
 * deployments_active_projects_30d{network="metis"} 64.0
 * deployments_active_projects_any_network_30d 101.0
 * deployments_template_projects_30d{network="metis",template="erc20"} 23.0
 * deployments_success_ratio_30d{network="metis"} 0.94
 * deployments_last_created_timestamp_seconds{network="metis",status="success",template="erc20"} …
 * </pre>
 */
final class DeploymentFamilies {

  private final Snapshot snapshot;
  private final MetricSnapshots.Builder families = MetricSnapshots.builder();

  /** Those of the snapshot, and their labels, which every window shares. */
  private final List<DeploymentCount> counts;

  private final List<Labels> labels;

  private DeploymentFamilies(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.counts = snapshot.deployments();
    this.labels = counts.stream().map(DeploymentFamilies::labels).toList();
  }

  /** All families of the snapshot. */
  static MetricSnapshots of(Snapshot snapshot) {
    DeploymentFamilies result = new DeploymentFamilies(snapshot);
    for (int i = 0; i < snapshot.windows().size(); i++) {
      result.addWindow(i, snapshot.windows().get(i));
    }
    result.addLastCreated();
    return result.families.build();
  }

  private void addWindow(int index, Window window) {
    GaugeSnapshot.Builder deployments = family(DeploymentFamily.deployments(window));
    for (int i = 0; i < counts.size(); i++) {
      add(deployments, labels.get(i), counts.get(i).counts().get(index));
    }
    families.metricSnapshot(deployments.build());

    GaugeSnapshot.Builder projects = family(DeploymentFamily.activeProjects(window));
    for (NetworkProjects row : snapshot.networkProjects()) {
      add(projects, Labels.of("network", row.network()), row.counts().get(index));
    }
    families.metricSnapshot(projects.build());

    GaugeSnapshot.Builder anyNetwork = family(DeploymentFamily.activeProjectsAnyNetwork(window));
    add(anyNetwork, Labels.EMPTY, snapshot.anyNetworkProjects().get(index));
    families.metricSnapshot(anyNetwork.build());

    GaugeSnapshot.Builder templateProjects = family(DeploymentFamily.templateProjects(window));
    for (TemplateProjects row : snapshot.templateProjects()) {
      add(
          templateProjects,
          Labels.of("network", row.network(), "template", row.template()),
          row.counts().get(index));
    }
    families.metricSnapshot(templateProjects.build());

    addSuccessRatio(index, window);
  }

  private void addSuccessRatio(int index, Window window) {
    Map<String, Long> all = new TreeMap<>();
    Map<String, Long> successful = new TreeMap<>();
    for (DeploymentCount count : snapshot.deployments()) {
      long value = count.counts().get(index);
      all.merge(count.network(), value, Long::sum);
      if (count.status().equals(LabelValues.SUCCESS)) {
        successful.merge(count.network(), value, Long::sum);
      }
    }
    GaugeSnapshot.Builder ratio = family(DeploymentFamily.successRatio(window));
    all.forEach(
        (network, total) -> {
          if (total > 0) {
            add(
                ratio,
                Labels.of("network", network),
                successful.getOrDefault(network, 0L) / (double) total);
          }
        });
    families.metricSnapshot(ratio.build());
  }

  private void addLastCreated() {
    Window largest = snapshot.windows().get(snapshot.windows().size() - 1);
    GaugeSnapshot.Builder lastCreated = family(DeploymentFamily.lastCreated(largest));
    for (int i = 0; i < counts.size(); i++) {
      Labels of = labels.get(i);
      counts.get(i).lastCreated().ifPresent(time -> add(lastCreated, of, seconds(time)));
    }
    families.metricSnapshot(lastCreated.build());
  }

  private static GaugeSnapshot.Builder family(DeploymentFamily family) {
    return GaugeSnapshot.builder().name(family.name()).help(family.help());
  }

  private static void add(GaugeSnapshot.Builder family, Labels labels, long count) {
    // Exact up to 2^53, more deployments than there will be.
    add(family, labels, (double) count);
  }

  private static void add(GaugeSnapshot.Builder family, Labels labels, double value) {
    family.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
  }

  private static Labels labels(DeploymentCount count) {
    return Labels.of(
        "network", count.network(), "template", count.template(), "status", count.status());
  }

  /** Unix time in seconds, with the fraction that a double can hold (well below a millisecond). */
  static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / 1e9;
  }
}
