package io.deployments.exporter.check;

import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What a refresh costs, and what is folded in it. */
final class QueryFindings {

  private static final String TOO_LONG = "longer than %d characters".formatted(LabelValues.LONGEST);

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

  /** Values that share the label {@code other}, and which of the bounds made them. */
  static Finding folding(Aggregates aggregates, Settings settings) {
    Scope scope = settings.scope();
    Snapshot snapshot = Snapshot.of(aggregates, scope);
    int networks = values(snapshot, DeploymentCount::network);
    int templates = values(snapshot, DeploymentCount::template);
    int statuses = values(snapshot, DeploymentCount::status);
    int folded = snapshot.foldedValues().get("template");
    // With `other`, which stays when some are too long.
    int room = networks == 0 || statuses == 0 ? 0 : Scope.MOST_COMBINATIONS / networks / statuses;
    List<String> parts = new ArrayList<>();
    add(parts, snapshot, "network", bound(networks > Scope.MAX_VALUES, Scope.MAX_VALUES));
    add(parts, snapshot, "status", bound(statuses > Scope.MAX_VALUES, Scope.MAX_VALUES));
    boolean byNumber = templates > scope.maxTemplates();
    boolean byProduct = !byNumber && templates >= room;
    add(
        parts,
        snapshot,
        "template",
        byProduct
            ? "there is room for %d: %d networks x templates x %d statuses are at most %d"
                .formatted(room, networks, statuses, Scope.MOST_COMBINATIONS)
            : byNumber ? "MAX_TEMPLATES is " + scope.maxTemplates() : TOO_LONG);
    if (parts.isEmpty()) {
      return Finding.ok("folding", "none: every template, network and status has its own series");
    }
    int enough = scope.maxTemplates() + folded;
    return Finding.warn("folding", "published as 'other': " + String.join("; ", parts))
        .with(
            folded > 0 && byNumber && enough <= room
                ? List.of("MAX_TEMPLATES=" + enough)
                : List.of());
  }

  private static void add(List<String> parts, Snapshot snapshot, String label, String why) {
    int folded = snapshot.foldedValues().get(label);
    if (folded > 0) {
      parts.add("%d values of %s (%s)".formatted(folded, label, why));
    }
  }

  private static String bound(boolean reached, int most) {
    return reached ? "there are more than " + most : TOO_LONG;
  }

  private static int values(Snapshot snapshot, Function<DeploymentCount, String> label) {
    return (int) snapshot.deployments().stream().map(label).distinct().count();
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
