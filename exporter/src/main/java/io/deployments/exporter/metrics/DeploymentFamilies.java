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

  private static final String AS_OF = "As of the last successful refresh.";

  private final Snapshot snapshot;
  private final MetricSnapshots.Builder families = MetricSnapshots.builder();

  private DeploymentFamilies(Snapshot snapshot) {
    this.snapshot = snapshot;
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
    String w = window.name();
    GaugeSnapshot.Builder deployments =
        family("deployments_" + w, "Deployments created in the last " + w + ". " + AS_OF);
    for (DeploymentCount count : snapshot.deployments()) {
      add(deployments, labels(count), count.counts().get(index));
    }
    families.metricSnapshot(deployments.build());

    GaugeSnapshot.Builder projects =
        family(
            "deployments_active_projects_" + w,
            "Distinct projects with a deployment on the network in the last "
                + w
                + ". Do not add networks up: a project may be on several. "
                + AS_OF);
    for (NetworkProjects row : snapshot.networkProjects()) {
      add(projects, Labels.of("network", row.network()), row.counts().get(index));
    }
    families.metricSnapshot(projects.build());

    GaugeSnapshot.Builder anyNetwork =
        family(
            "deployments_active_projects_any_network_" + w,
            "Distinct projects with a deployment on any network in the last " + w + ". " + AS_OF);
    add(anyNetwork, Labels.EMPTY, snapshot.anyNetworkProjects().get(index));
    families.metricSnapshot(anyNetwork.build());

    GaugeSnapshot.Builder templateProjects =
        family(
            "deployments_template_projects_" + w,
            "Distinct projects that deployed the template on the network in the last "
                + w
                + ". Do not add them up: a project may use several templates. "
                + AS_OF);
    for (TemplateProjects row : snapshot.templateProjects()) {
      add(
          templateProjects,
          Labels.of("network", row.network(), "template", row.template()),
          row.counts().get(index));
    }
    families.metricSnapshot(templateProjects.build());

    addSuccessRatio(index, w);
  }

  private void addSuccessRatio(int index, String w) {
    Map<String, Long> all = new TreeMap<>();
    Map<String, Long> successful = new TreeMap<>();
    for (DeploymentCount count : snapshot.deployments()) {
      long value = count.counts().get(index);
      all.merge(count.network(), value, Long::sum);
      if (count.status().equals(LabelValues.SUCCESS)) {
        successful.merge(count.network(), value, Long::sum);
      }
    }
    GaugeSnapshot.Builder ratio =
        family(
            "deployments_success_ratio_" + w,
            "Successful deployments divided by all deployments of the network created in the last "
                + w
                + ", 0 to 1; pending ones count as not successful. No sample when there were no"
                + " deployments. "
                + AS_OF);
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
    GaugeSnapshot.Builder lastCreated =
        family(
            "deployments_last_created_timestamp_seconds",
            "Unix time at which the newest deployment of the last "
                + largest.name()
                + " was created. "
                + AS_OF);
    for (DeploymentCount count : snapshot.deployments()) {
      count.lastCreated().ifPresent(time -> add(lastCreated, labels(count), seconds(time)));
    }
    families.metricSnapshot(lastCreated.build());
  }

  private static GaugeSnapshot.Builder family(String name, String help) {
    return GaugeSnapshot.builder().name(name).help(help);
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
