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

  /** The longest value, in characters, that has series of its own. */
  public static final int LONGEST = 1_000;

  private LabelValues() {}

  /** The label value for what a column holds. */
  public static String of(@Nullable String column) {
    return column == null || column.isEmpty() ? UNKNOWN : column;
  }

  /** Whether a value may have series of its own, if it ranks high enough. */
  public static boolean isRanked(String value) {
    return !value.equals(OTHER) && value.codePointCount(0, value.length()) <= LONGEST;
  }

  /** By name as PostgreSQL's {@code COLLATE "C"} does it: by code points, not as Java by chars. */
  public static int compareNames(String a, String b) {
    for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean beyond = Character.isSurrogate(x);
        return beyond == Character.isSurrogate(y) ? x - y : beyond ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
