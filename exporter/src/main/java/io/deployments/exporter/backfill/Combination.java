package io.deployments.exporter.backfill;

import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.WindowCounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of one network, template and status, as the table has them, in each window. */
final class Combination {

  /**
   * What the rows have in common.
   *
   * @param network never empty, as the other two
   */
  record Labels(String network, String template, String status) {}

  private final Labels labels;
  private final Value network;
  private final Value template;
  private final Value status;
  private final ProjectGroup onNetwork;
  private final ProjectGroup ofTemplate;
  private final long[] counts;
  private long newestMicros;
  private @Nullable PublishedCounts published;

  Combination(
      Labels labels,
      Value network,
      Value template,
      Value status,
      ProjectGroup onNetwork,
      ProjectGroup ofTemplate,
      int windows) {
    this.labels = labels;
    this.network = network;
    this.template = template;
    this.status = status;
    this.onNetwork = onNetwork;
    this.ofTemplate = ofTemplate;
    this.counts = new long[windows];
  }

  Labels labels() {
    return labels;
  }

  Value network() {
    return network;
  }

  Value template() {
    return template;
  }

  Value status() {
    return status;
  }

  ProjectGroup onNetwork() {
    return onNetwork;
  }

  ProjectGroup ofTemplate() {
    return ofTemplate;
  }

  /** A row came: it is in every window. */
  void enter(long createdAtMicros) {
    newestMicros = createdAtMicros;
    for (int window = 0; window < counts.length; window++) {
      counts[window]++;
    }
    if (published != null) {
      published.enter(createdAtMicros);
    }
  }

  /** A row has left the window; returns how many are left. */
  long leave(int window) {
    if (published != null) {
      published.leave(window);
    }
    return --counts[window];
  }

  /** From now on its rows count there; those that came before already do. */
  void publishIn(PublishedCounts place) {
    published = place;
  }

  long count(int window) {
    return counts[window];
  }

  long newestMicros() {
    return newestMicros;
  }

  /** The same as an aggregate query says it. */
  DeploymentCount toCount() {
    return new DeploymentCount(
        labels.network(),
        labels.template(),
        labels.status(),
        new WindowCounts(Arrays.stream(counts).boxed().collect(Collectors.toList())),
        Optional.of(Instant.EPOCH.plus(newestMicros, ChronoUnit.MICROS)));
  }
}
