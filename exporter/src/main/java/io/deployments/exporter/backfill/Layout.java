package io.deployments.exporter.backfill;

import io.deployments.exporter.metrics.DeploymentFamily;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.Window;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which series there are, and which rows each counts. What is folded and what is filled with zeros
 * is up to {@link Snapshot}: a layout is made from one, and good until the next would have other
 * series.
 */
final class Layout {

  private final SlidingWindows windows;
  private final Scope scope;
  private final HistoryPart part;
  private final Set<Series> series = new HashSet<>();
  private final Map<Combination.Labels, PublishedCounts> counts = new HashMap<>();
  private final Map<String, PublishedRatio> ratios = new HashMap<>();
  private final Map<List<String>, PublishedProjects> projects = new HashMap<>();
  private final List<PublishedCounts> allCounts;
  private final List<PublishedRatio> allRatios;
  private final List<PublishedProjects> allProjects;

  /** The layout of the given moment, to which the windows have been moved. */
  Layout(SlidingWindows windows, Scope scope, Instant moment, HistoryPart part) {
    this.windows = windows;
    this.scope = scope;
    this.part = part;
    Snapshot snapshot = Snapshot.of(windows.aggregates(moment), scope);
    publish(windows.networks(), "network", DeploymentCount::network, snapshot);
    publish(windows.templates(), "template", DeploymentCount::template, snapshot);
    publish(windows.statuses(), "status", DeploymentCount::status, snapshot);
    snapshot.deployments().forEach(this::addCounts);
    snapshot
        .networkProjects()
        .forEach(
            row ->
                addProjects(
                    List.of(row.network()),
                    DeploymentFamily::activeProjects,
                    Map.of("network", row.network())));
    addProjects(List.of(), DeploymentFamily::activeProjectsAnyNetwork, Map.of())
        .show(windows.everything());
    snapshot
        .templateProjects()
        .forEach(
            row ->
                addProjects(
                    List.of(row.network(), row.template()),
                    DeploymentFamily::templateProjects,
                    Map.of("network", row.network(), "template", row.template())));
    allCounts = List.copyOf(counts.values());
    allRatios = List.copyOf(ratios.values());
    allProjects = List.copyOf(projects.values());

    windows.takeUnpublished();
    for (Combination rows : windows.combinations()) {
      rows.publishIn(place(rows));
      show(rows);
    }
  }

  private static void publish(
      Axis axis, String label, Function<DeploymentCount, String> value, Snapshot snapshot) {
    axis.publish(
        snapshot.deployments().stream().map(value).collect(Collectors.toSet()),
        snapshot.foldedValues().getOrDefault(label, 0) > 0);
  }

  private void addCounts(DeploymentCount count) {
    Map<String, String> labels =
        Map.of("network", count.network(), "template", count.template(), "status", count.status());
    DeploymentFamily lastCreated = DeploymentFamily.lastCreated(scope.largestWindow());
    PublishedCounts published =
        new PublishedCounts(
            count,
            inEachWindow(DeploymentFamily::deployments, Figure.COUNT, labels),
            addSeries(lastCreated, Figure.TIME, labels));
    counts.put(
        new Combination.Labels(count.network(), count.template(), count.status()), published);
    ratios
        .computeIfAbsent(
            count.network(),
            network ->
                new PublishedRatio(
                    inEachWindow(
                        DeploymentFamily::successRatio, Figure.RATIO, Map.of("network", network))))
        .add(published, count.status().equals(LabelValues.SUCCESS));
  }

  private PublishedProjects addProjects(
      List<String> names, Function<Window, DeploymentFamily> family, Map<String, String> labels) {
    PublishedProjects published = new PublishedProjects(inEachWindow(family, Figure.COUNT, labels));
    projects.put(names, published);
    return published;
  }

  private Series[] inEachWindow(
      Function<Window, DeploymentFamily> family, Figure figure, Map<String, String> labels) {
    return scope.windows().stream()
        .map(window -> addSeries(family.apply(window), figure, labels))
        .toArray(Series[]::new);
  }

  private Series addSeries(DeploymentFamily family, Figure figure, Map<String, String> labels) {
    Series result = part.series(family, figure, labels);
    series.add(result);
    return result;
  }

  private PublishedCounts place(Combination rows) {
    Combination.Labels labels =
        new Combination.Labels(
            windows.networks().published(rows.labels().network()),
            windows.templates().published(rows.labels().template()),
            windows.statuses().published(rows.labels().status()));
    PublishedCounts place = counts.get(labels);
    if (place == null) {
      throw new IllegalStateException("Nothing counts " + labels);
    }
    return place;
  }

  /** Shows the projects of its groups, unless they were folded. */
  private void show(Combination rows) {
    String network = rows.labels().network();
    PublishedProjects onNetwork = projects.get(List.of(network));
    if (onNetwork != null) {
      onNetwork.show(rows.onNetwork());
    }
    PublishedProjects ofTemplate = projects.get(List.of(network, rows.labels().template()));
    if (ofTemplate != null) {
      ofTemplate.show(rows.ofTemplate());
    }
  }

  /** Whether a snapshot of the windows as they are now might have other series. */
  boolean isOutdated() {
    // All three, each time: each also notes what it has looked at.
    boolean networks = windows.networks().hasChanged();
    boolean templates = windows.templates().hasChanged();
    boolean statuses = windows.statuses().hasChanged();
    return networks || templates || statuses;
  }

  /** Notes all figures as they are now. */
  void publish(int step) {
    for (Combination rows : windows.takeUnpublished()) {
      PublishedCounts place = place(rows);
      place.add(rows);
      rows.publishIn(place);
      show(rows);
    }
    for (int i = 0; i < allCounts.size(); i++) {
      allCounts.get(i).publish(step);
    }
    for (int i = 0; i < allRatios.size(); i++) {
      allRatios.get(i).publish(step);
    }
    for (int i = 0; i < allProjects.size(); i++) {
      allProjects.get(i).publish(step);
    }
  }

  /** Ends the series that the next layout has no more. */
  void endAllBut(Layout next, int step) {
    for (Series one : series) {
      if (!next.series.contains(one)) {
        one.end(step);
      }
    }
  }
}
