package io.deployments.exporter.backfill;

import org.jspecify.annotations.Nullable;

/** The series of one group's distinct projects, one for each window. */
final class PublishedProjects {

  private final Series[] series;
  private @Nullable ProjectGroup group;

  /** Shows no projects at first. */
  PublishedProjects(Series[] series) {
    this.series = series;
  }

  /** From now on shows the projects of this group. */
  void show(ProjectGroup newGroup) {
    group = newGroup;
  }

  void publish(int step) {
    for (int window = 0; window < series.length; window++) {
      series[window].set(step, group == null ? 0 : group.projects(window));
    }
  }
}
