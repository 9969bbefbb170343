package io.deployments.exporter.snapshot;

import org.jspecify.annotations.Nullable;

/** The label values with a meaning of their own. */
public final class LabelValues {

  /** Stands for a NULL or empty network, template or status. */
  public static final String UNKNOWN = "unknown";

  /** Stands for the values beyond a bound, taken together. */
  public static final String OTHER = "other";

  /** The status of a deployment that worked. */
  public static final String SUCCESS = "success";

  /** The status of a deployment that did not. */
  public static final String FAILED = "failed";

  private LabelValues() {}

  /** The label value for what a column holds. */
  public static String of(@Nullable String column) {
    return column == null || column.isEmpty() ? UNKNOWN : column;
  }
}
