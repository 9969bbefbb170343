package io.deployments.exporter.check;

import io.deployments.exporter.snapshot.LabelValues;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the statuses are those that the success ratio is made of. */
final class StatusFindings {

  /** The statuses that mean to the exporter what they say. */
  static final Set<String> KNOWN = Set.of(LabelValues.SUCCESS, LabelValues.FAILED, "pending");

  private static final Set<String> LIKELY_SUCCESSES =
      Set.of(
          "success",
          "successful",
          "succeeded",
          "confirmed",
          "deployed",
          "client-deployed",
          "complete",
          "completed",
          "done",
          "finished",
          "ok");

  private static final Set<String> LIKELY_FAILURES =
      Set.of(
          "failed", "failure", "error", "errored", "reverted", "rejected", "timeout", "timed_out");

  private StatusFindings() {}

  /**
   * The finding.
   *
   * @param rows deployments in the largest window by status, NULL and empty ones left out
   */
  static Finding of(Map<String, Long> rows) {
    Map<String, Long> others = new TreeMap<>(rows);
    others.keySet().removeAll(KNOWN);
    boolean success = rows.containsKey(LabelValues.SUCCESS);
    boolean failed = rows.containsKey(LabelValues.FAILED);
    String all = SqlText.shown(rows);
    if (rows.isEmpty() || (success && failed && others.isEmpty())) {
      return Finding.ok("statuses", rows.isEmpty() ? "none to look at" : all);
    }
    if (others.isEmpty()) {
      return Finding.warn(
          "statuses",
          success
              ? "none 'failed' among "
                  + all
                  + "; if failed deployments leave no row, the success ratio can't be known"
              : "none 'success' among " + all + ", so the success ratio is 0");
    }
    if (success && failed) {
      return Finding.warn(
              "statuses",
              "neither 'success', 'failed' nor 'pending': "
                  + SqlText.shown(others)
                  + "; they count as not successful")
          .with(mapping(others));
    }
    return Finding.fail(
            "statuses",
            "no '%s' among %s, so the success ratio is wrong if one of them means that"
                .formatted(
                    success
                        ? LabelValues.FAILED
                        : failed ? LabelValues.SUCCESS : "success' and no 'failed",
                    all))
        .with(mapping(others));
  }

  private static List<String> mapping(Map<String, Long> others) {
    if (!SqlText.arePlain(others.keySet())) {
      return List.of();
    }
    return List.of(
        "-- in the SELECT of a view, with what they mean:",
        others.keySet().stream()
            .map(value -> "WHEN " + SqlText.literal(value) + " THEN " + meaning(value))
            .collect(
                Collectors.joining(
                    " ",
                    "CASE CAST(status AS text) ",
                    " ELSE CAST(status AS text) END AS status,")));
  }

  private static String meaning(String value) {
    String word = value.toLowerCase(Locale.ROOT).strip();
    return LIKELY_SUCCESSES.contains(word)
        ? "'success'"
        : LIKELY_FAILURES.contains(word) ? "'failed'" : "'pending'";
  }
}
