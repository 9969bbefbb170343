package io.deployments.exporter.settings;

/**
 * A value that must not be shown.
 *
 * @param value the value itself
 */
public record Secret(String value) implements Password {

  /** What is shown in the value's place. */
  public static final String MASK = "***";

  /** A URL, or whatever was given in its place, with passwords masked. */
  public static String masked(String text) {
    return text.replaceAll("(?i)(password=)[^&]*", "$1" + MASK)
        .replaceAll("(?s)^([^@]*//[^:@/?]*:|[^:/@]*:(?!//)).*@", "$1" + MASK + "@");
  }

  @Override
  public Secret current() {
    return this;
  }

  /** The mask. */
  @Override
  public String toString() {
    return MASK;
  }
}
