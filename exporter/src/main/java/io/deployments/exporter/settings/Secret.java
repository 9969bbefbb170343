package io.deployments.exporter.settings;

/**
 * A value that must not be shown.
 *
 * @param value the value itself
 */
public record Secret(String value) {

  /** What is shown in the value's place. */
  public static final String MASK = "***";

  /** The mask. */
  @Override
  public String toString() {
    return MASK;
  }
}
