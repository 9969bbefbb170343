package io.deployments.exporter.contract;

import io.deployments.exporter.contract.Expression.Kind;
import io.deployments.exporter.testing.PrometheusApi;
import io.deployments.exporter.testing.PrometheusApi.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What every expression has to hold on a Prometheus that has figures for all of them. */
final class Contract {

  /** As many points as a graph on a wide screen has. */
  private static final int POINTS = 500;

  private final PrometheusApi prometheus;
  private final Set<String> metrics;

  Contract(PrometheusApi prometheus) {
    this.prometheus = prometheus;
    this.metrics = Set.copyOf(prometheus.labelValues("__name__", ""));
  }

  /**
   * Asks, with one choice of the variables.
   *
   * @param range from the left to the right end, if it is a graph
   * @throws AssertionError that names the expression, unless it is answered with figures
   */
  void check(Expression expression, Variables variables, Duration range) {
    Duration step =
        expression.step().orElse(Duration.ofSeconds(Math.max(15, range.toSeconds() / POINTS)));
    String text;
    List<String> problems;
    try {
      text = variables.in(expression.text(), step, range);
      problems = problems(text, expression.kind(), step, range);
    } catch (IllegalArgumentException | PrometheusApi.QueryException e) {
      text = expression.text();
      problems = List.of(e.getMessage());
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(
          "%s%n  asked as %s%n  with %s%n  %s"
              .formatted(expression, text, variables.values(), String.join("\n  ", problems)));
    }
  }

  private List<String> problems(String text, Kind kind, Duration step, Duration range) {
    List<String> problems = new ArrayList<>();
    Set<String> unknown = new TreeSet<>(PromQl.metrics(text));
    unknown.removeAll(metrics);
    if (!unknown.isEmpty()) {
      problems.add("There is no metric " + String.join(", ", unknown));
    }
    // What is said instead of an answer would hide that there is none.
    String first = PromQl.firstAlternative(text);
    // Nothing need be over a limit, but there has to be something to compare with it.
    String compared = PromQl.firstAlternative(PromQl.withoutLastComparison(first));
    if ((kind == Kind.ALERT || ask(first, kind, step, range).isEmpty())
        && ask(compared, kind, step, range).isEmpty()) {
      problems.add("The answer is empty");
    }
    List<Series> answer = ask(text, kind, step, range);
    for (Series series : answer) {
      series.values().values().stream()
          .filter(value -> value.isNaN() || value.isInfinite())
          .findFirst()
          .ifPresent(value -> problems.add("Is " + value + ": " + series.labels()));
    }
    return problems;
  }

  private List<Series> ask(String text, Kind kind, Duration step, Duration range) {
    if (kind != Kind.RANGE) {
      return prometheus.instant(text, Instant.now());
    }
    // The last point is now, for what has only been scraped since this test began.
    Instant now = Instant.now();
    long steps = range.dividedBy(step);
    return prometheus.range(text, now.minus(step.multipliedBy(steps)), now, step);
  }
}
