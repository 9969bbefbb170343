package io.deployments.exporter.snapshot;

import java.time.Instant;
import java.util.Optional;

/**
 * Deployments of one network, template and status.
 *
 * @param counts deployments created in each window
 * @param lastCreated the newest {@code created_at} in the largest window; empty if there was none
 */
public record DeploymentCount(
    String network,
    String template,
    String status,
    WindowCounts counts,
    Optional<Instant> lastCreated) {

  /** None in any window, of which there are as many as zeros. */
  static DeploymentCount none(String network, String template, String status, WindowCounts zeros) {
    return new DeploymentCount(network, template, status, zeros, Optional.empty());
  }

  /** The same deployments under other labels. */
  DeploymentCount labelled(String network, String template, String status) {
    return new DeploymentCount(network, template, status, counts, lastCreated);
  }

  /** The two counts as one series: sums, and the later of the two times. */
  DeploymentCount plus(DeploymentCount other) {
    Optional<Instant> later =
        lastCreated.isEmpty()
                || other.lastCreated.filter(t -> t.isAfter(lastCreated.get())).isPresent()
            ? other.lastCreated
            : lastCreated;
    return new DeploymentCount(network, template, status, counts.plus(other.counts), later);
  }
}
