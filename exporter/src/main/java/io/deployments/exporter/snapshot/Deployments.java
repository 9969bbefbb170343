package io.deployments.exporter.snapshot;

import java.util.List;
import java.util.Map;

/**
 * Deployments by network, template and status, few enough for memory.
 *
 * @param counts several with the same labels add up
 * @param foldedValues by the name of the label how many of its values were folded into {@code
 *     other} already; none for a label that isn't in it
 */
public record Deployments(List<DeploymentCount> counts, Map<String, Integer> foldedValues) {

  /** Copies the collections. */
  public Deployments {
    counts = List.copyOf(counts);
    foldedValues = Map.copyOf(foldedValues);
  }

  /** How many values of the label were folded. */
  public int folded(String label) {
    return foldedValues.getOrDefault(label, 0);
  }
}
