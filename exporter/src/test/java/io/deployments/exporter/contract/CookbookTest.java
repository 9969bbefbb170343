package io.deployments.exporter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.demo.DemoHistory;
import io.deployments.exporter.demo.DemoPrometheus;
import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.PrometheusApi;
import io.deployments.exporter.testing.PrometheusApi.Series;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The answers in {@code docs/promql.md}, over the demo's deployments as they would be at one moment
 * for ever.
 */
@Tag("expressions")
class CookbookTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "promql.md");
  private static final String MOMENT = "2026-03-12T12:00:00Z";

  /** All that the queries look at is on the hour; it is loaded in a twelfth of the time. */
  private static final Duration STEP = Duration.ofHours(1);

  /** Between a query's block and the next one's. */
  private static final Pattern ANSWER = Pattern.compile("\\A\\n\\n```text\\n(?:.*\\n)*?```\\n");

  @TempDir private Path folder;

  /** {@code mvn test -Dtest=CookbookTest -Dgolden.update} writes them instead. */
  @Test
  void answersAreThoseOfTheDemo() throws IOException, InterruptedException {
    Path program = DemoPrometheus.programOrSkip();
    String history = TestDatabase.read("/database/demo-history.sql");
    try (TestDatabase database =
        TestDatabase.create()
            .run("schema.sql")
            .execute(history.replace("now()", "timestamptz '" + MOMENT + "'"))) {
      new DemoHistory(program, Map.of("DATABASE_URL", database.url(), "DATABASE_USER", "postgres"))
          .load("127.0.0.1:9079", Instant.parse(MOMENT), STEP, folder, progress -> {});
    }
    // It is only asked about the past; nobody listens at this target.
    String configuration =
        DemoPrometheus.configuration(Repository.path("prometheus/rules"), "127.0.0.1:1");
    try (DemoPrometheus server =
        DemoPrometheus.start(
            program,
            folder,
            configuration,
            InstalledProgram.freePort(),
            "--query.lookback-delta=" + STEP.toMinutes() + "m")) {
      String document = Files.readString(DOCUMENT);
      String answered = answered(document, new PrometheusApi(server.address()));
      if (System.getProperty("golden.update") != null) {
        Files.writeString(DOCUMENT, answered);
      } else {
        assertThat(document).isEqualTo(answered);
      }
    }
  }

  private static String answered(String document, PrometheusApi prometheus) {
    StringBuilder answered = new StringBuilder();
    int copied = 0;
    for (Documents.Query query : Documents.queries(DOCUMENT)) {
      Matcher answer = ANSWER.matcher(document.substring(query.end()));
      if (answer.find()) {
        answered
            .append(document, copied, query.end())
            .append("\n\n```text\n")
            .append(text(query, prometheus))
            .append("```\n");
        copied = query.end() + answer.end();
      }
    }
    return answered + document.substring(copied);
  }

  private static String text(Documents.Query query, PrometheusApi prometheus) {
    String expression = query.expression().text();
    Instant moment = Instant.parse(MOMENT);
    List<Series> answer =
        query
            .range()
            .map(
                range ->
                    prometheus.range(
                        expression,
                        moment.minus(range),
                        moment,
                        query.expression().step().orElseThrow()))
            .orElseGet(() -> prometheus.instant(expression, moment));
    assertThat(answer).as(expression).isNotEmpty();
    Stream<String> lines = answer.stream().map(CookbookTest::line);
    boolean inOrder = Pattern.compile("^(sort|topk|bottomk)").matcher(expression).find();
    return (inOrder ? lines : lines.sorted()).collect(Collectors.joining());
  }

  private static String line(Series series) {
    String labels =
        series.labels().entrySet().stream()
            .filter(label -> !label.getKey().equals("__name__"))
            .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
            .collect(Collectors.joining(", ", "{", "}"));
    return series.values().values().stream()
        .map(CookbookTest::rounded)
        .collect(Collectors.joining("  ", labels + "  ", "\n"));
  }

  private static String rounded(double value) {
    BigDecimal exact = new BigDecimal(value);
    return value == Math.rint(value)
        ? exact.toPlainString()
        : exact.round(new MathContext(4)).toPlainString();
  }
}
