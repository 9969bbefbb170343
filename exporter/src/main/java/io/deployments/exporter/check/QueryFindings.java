package io.deployments.exporter.check;

import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a refresh costs, and what is folded in it. */
final class QueryFindings {

  private QueryFindings() {}

  /** One aggregate. */
  static Finding of(QueryRun run) {
    return Finding.ok(
        "query", "%s took %s (rows: %d)".formatted(run.query(), shown(run.duration()), run.rows()));
  }

  /** All of them together, as a refresh runs them. */
  static List<Finding> together(List<QueryRun> runs, RefreshSettings refresh) {
    Duration total = runs.stream().map(QueryRun::duration).reduce(Duration.ZERO, Duration::plus);
    Duration interval = refresh.effectiveInterval(total);
    List<Finding> findings = new ArrayList<>();
    if (total.compareTo(refresh.timeout()) >= 0) {
      findings.add(
          Finding.fail(
              "refresh",
              "all queries take %s, longer than REFRESH_TIMEOUT (%s)"
                  .formatted(shown(total), shown(refresh.timeout())),
              timeout(total)));
    } else if (total.multipliedBy(2).compareTo(refresh.timeout()) > 0) {
      findings.add(
          Finding.warn(
              "refresh",
              "all queries take %s, more than half of REFRESH_TIMEOUT (%s)"
                  .formatted(shown(total), shown(refresh.timeout())),
              timeout(total)));
    }
    if (interval.compareTo(refresh.interval()) > 0) {
      findings.add(
          Finding.warn(
              "refresh",
              "every %s and not every %s: all queries take %s, and MAX_DATABASE_SHARE is %s"
                  .formatted(
                      shown(interval),
                      shown(refresh.interval()),
                      shown(total),
                      number(refresh.maxDatabaseShare()))));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "refresh",
              "every %s, %s of statements each: %s %% of the time, MAX_DATABASE_SHARE allows %s %%"
                  .formatted(
                      shown(interval),
                      shown(total),
                      number(100.0 * total.toNanos() / interval.toNanos()),
                      number(100 * refresh.maxDatabaseShare()))));
    }
    return findings;
  }

  private static String timeout(Duration total) {
    return "REFRESH_TIMEOUT=" + total.multipliedBy(3).plusMillis(999).toSeconds() + "s";
  }

  /** Values that share the label {@code other}. */
  static Finding folding(Aggregates aggregates, Settings settings) {
    Map<String, Integer> folded =
        new TreeMap<>(Snapshot.of(aggregates, settings.scope()).foldedValues());
    folded.values().removeIf(count -> count == 0);
    if (folded.isEmpty()) {
      return Finding.ok("folding", "none: every template, network and status has its own series");
    }
    List<String> fix = new ArrayList<>();
    int templates = settings.scope().maxTemplates() + folded.getOrDefault("template", 0);
    if (folded.containsKey("template") && templates <= Scope.MOST_TEMPLATES) {
      fix.add("MAX_TEMPLATES=" + templates);
    }
    List<String> parts = new ArrayList<>();
    folded.forEach((label, count) -> parts.add(count + " values of " + label));
    return Finding.warn("folding", String.join(", ", parts) + " are published as 'other'")
        .with(fix);
  }

  private static String shown(Duration duration) {
    return duration.compareTo(Duration.ofSeconds(10)) < 0
        ? Math.max(1, duration.toMillis()) + " ms"
        : duration.toSeconds() + " s";
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.3f", number).replaceAll("\\.?0+$", "");
  }
}
