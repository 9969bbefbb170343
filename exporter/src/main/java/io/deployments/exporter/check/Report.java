package io.deployments.exporter.check;

import io.deployments.exporter.database.DatabaseException;
import io.deployments.exporter.database.FailureReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Prints findings as they come, and counts them. */
final class Report {

  private static final String NEXT = " Next: serve, with the same settings.";
  private static final String AGAIN = " Mend what fails, and run check again.";

  private final Consumer<String> output;
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);

  Report(Consumer<String> output) {
    this.output = output;
  }

  void add(Finding finding) {
    counts.merge(finding.verdict(), 1, Integer::sum);
    finding.lines().forEach(output);
  }

  void addAll(List<Finding> findings) {
    findings.forEach(this::add);
  }

  /** Runs a part on which others depend: if it can't be done, that is a fault. */
  void require(String subject, Runnable part) {
    try {
      part.run();
    } catch (DatabaseException e) {
      add(Finding.fail(subject, e.getMessage()));
    }
  }

  /** Runs a part that nothing depends on: that it took too long says nothing about the figures. */
  void attempt(String subject, Runnable part) {
    try {
      part.run();
    } catch (DatabaseException e) {
      add(
          e.reason() == FailureReason.TIMEOUT
              ? Finding.warn(subject, e.getMessage())
              : Finding.fail(subject, e.getMessage()));
    }
  }

  /** Prints how many findings there are of each kind; false if anything is at fault. */
  boolean end() {
    int failed = counts.getOrDefault(Verdict.FAIL, 0);
    int warned = counts.getOrDefault(Verdict.WARN, 0);
    output.accept("");
    output.accept(
        (failed + warned == 0
                ? "All is well."
                : failed + " to mend (fail), " + warned + " to look at (warn).")
            + (failed == 0 ? NEXT : AGAIN));
    return failed == 0;
  }
}
