package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.database.ReadTransaction;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.Model;
import io.deployments.exporter.testing.Row;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random tables against {@link Model}: every family, every window, every sample. */
@Tag("postgres")
class ModelTest {

  private static final Instant T = Instant.parse("2026-03-29T01:30:00.123456Z");
  private static final List<String> NETWORKS = List.of("metis", "hyperion");

  private static TestDatabase postgres;

  @BeforeAll
  static void createTable() {
    postgres = TestDatabase.create().run("schema.sql");
  }

  @AfterAll
  static void drop() {
    postgres.close();
  }

  static Stream<Long> seeds() {
    // New ones every time, so that the model is tried on ever more tables; a failure names its own.
    return Stream.concat(Stream.of(1L, 2L, 3L), new Random().longs(20).boxed());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everySampleIsWhatTheDefinitionsSay(long seed) {
    Random random = new Random(seed);
    Map<String, Duration> windows = new HashMap<>(Model.WINDOWS);
    String more = "";
    if (random.nextBoolean()) {
      windows.put("90m", Duration.ofMinutes(90));
      windows.put("45d", Duration.ofDays(45));
      more = "45d,90m";
    }
    int maxTemplates = random.nextBoolean() ? 100 : 1 + random.nextInt(6);
    List<Row> rows = rows(random, windows.values().stream().toList());
    Settings settings =
        postgres.settings("WINDOWS", more, "MAX_TEMPLATES", String.valueOf(maxTemplates));
    compare(rows, new Model(rows, T, windows, NETWORKS, maxTemplates), settings, "seed " + seed);
  }

  @Test
  void anEmptyTableShowsBothNetworksAndNoRatio() {
    Model model = new Model(List.of(), T, Model.WINDOWS, NETWORKS, 100);
    compare(List.of(), model, postgres.settings(), "empty");
    assertThat(model.samples()).hasSize(4 * (2 + 1));
  }

  @Test
  void moreNetworksAndStatusesThanTwentyAreFolded() {
    List<Row> rows =
        IntStream.range(0, 30)
            .boxed()
            .flatMap(
                i ->
                    IntStream.rangeClosed(0, i)
                        .mapToObj(n -> new Row("p" + n, "net-" + i, "erc20", "status-" + i, T)))
            .toList();
    Model model = new Model(rows, T, Model.WINDOWS, NETWORKS, 100);
    compare(rows, model, postgres.settings(), "folding");
    assertThat(model.samples())
        .containsEntry(
            new Exposition.Series(
                "deployments_1h",
                Map.of("network", "other", "template", "erc20", "status", "other")),
            (double) IntStream.rangeClosed(1, 12).sum());
  }

  @ParameterizedTest
  @CsvSource({"499, 100", "500, 100", "501, 100", "501, 1000", "30, 5"})
  void noMoreCombinationsThanTenThousand(int templates, int maxTemplates) {
    // Two networks and ten statuses leave room for 500 templates.
    List<Row> rows =
        IntStream.range(0, templates)
            .mapToObj(
                i ->
                    new Row(
                        "p" + i % 40,
                        i % 3 == 0 ? "metis" : "hyperion",
                        "t" + (i % 7 == 0 ? i % 70 : i),
                        i < 8 ? "status-" + i : i % 2 == 0 ? "success" : "failed",
                        T.minus(Duration.ofHours(i % 800))))
            .toList();
    Model model = new Model(rows, T, Model.WINDOWS, NETWORKS, maxTemplates);
    compare(
        rows,
        model,
        postgres.settings("MAX_TEMPLATES", String.valueOf(maxTemplates)),
        templates + " templates");
  }

  @Test
  void asManyNetworksTemplatesAndStatusesAsThereMayBe() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      rows.add(new Row("p" + i % 40, "n" + i % 31, "t" + i % 130, "s" + i % 23, T));
      // Project counts of what is folded, and of what is called like it, are none.
      rows.add(new Row("p" + i % 30, i % 2 == 0 ? "other" : "", "other", null, T));
    }
    Model model = new Model(rows, T, Model.WINDOWS, NETWORKS, 100);
    compare(rows, model, postgres.settings(), "as many as there may be");
    long combinations =
        model.samples().keySet().stream().filter(s -> s.name().equals("deployments_1h")).count();
    assertThat(combinations).isBetween(9_500L, 10_000L);
  }

  @Test
  void aValueOfMoreThanAThousandCharactersIsFolded() {
    // Characters are code points, and so is the order of names.
    String longest = "\uD83D\uDE80".repeat(1_000);
    List<Row> rows = new ArrayList<>();
    for (String value : List.of(longest, longest + "x", "y".repeat(1_001), "short", "\uFF5E")) {
      rows.add(new Row("p1", value, "erc20", "success", T));
      rows.add(new Row("p2", "metis", value, "success", T));
      rows.add(new Row("p2", "metis", "erc20", value, T));
    }
    for (int most : new int[] {1, 2, 3, 100}) {
      compare(
          rows,
          new Model(rows, T, Model.WINDOWS, NETWORKS, most),
          postgres.settings("MAX_TEMPLATES", String.valueOf(most)),
          "long values, most " + most);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 60, 61, 62, 100})
  void asManyTemplatesAsThereAreBitsAndMore(int pairs) {
    // Projects with many templates, and on several networks.
    List<Row> rows =
        IntStream.range(0, pairs)
            .boxed()
            .flatMap(
                i ->
                    IntStream.range(0, 3)
                        .mapToObj(
                            n ->
                                new Row(
                                    n == 2 && i % 5 == 0 ? null : "p" + (i / 2 + n * i),
                                    i % 3 == 0 ? "metis" : "hyperion",
                                    i == 7 ? null : i == 10 ? "" : "t" + i,
                                    "success",
                                    T.minus(Duration.ofHours(i * 5L + n * 30L)))))
            .toList();
    Model model = new Model(rows, T, Model.WINDOWS, NETWORKS, 100);
    compare(rows, model, postgres.settings(), pairs + " pairs");
  }

  private static void compare(List<Row> rows, Model model, Settings settings, String what) {
    postgres.execute("TRUNCATE deployments");
    if (!rows.isEmpty()) {
      postgres.execute(
          "INSERT INTO deployments VALUES "
              + rows.stream().map(Row::values).collect(Collectors.joining(", ")));
    }
    Exposition page = Exposition.parse(page(settings));
    assertThat(Model.differences(model.samples(), Model.deploymentSamples(page)))
        .as(what)
        .isEmpty();
  }

  private static String page(Settings settings) {
    try (Database database =
            new Database(
                settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry());
        ReadTransaction transaction = database.begin(Deadline.in(settings.refresh().timeout()))) {
      Snapshot snapshot =
          Snapshot.of(transaction.aggregates(T, settings.scope()), settings.scope());
      PrometheusRegistry registry = new PrometheusRegistry();
      registry.register(new DeploymentCollector(() -> Optional.of(snapshot)));
      return Pages.text(registry);
    }
  }

  private static List<Row> rows(Random random, List<Duration> windows) {
    List<Row> rows = new ArrayList<>();
    int count = random.nextInt(400);
    for (int i = 0; i < count; i++) {
      rows.add(
          new Row(
              pick(random, null, "", "p" + random.nextInt(40), "p" + random.nextInt(400)),
              pick(
                  random,
                  "metis",
                  "hyperion",
                  "metis",
                  null,
                  "",
                  "unknown",
                  "other",
                  "Métis \"x\""),
              pick(random, "erc20", "nft", "t" + random.nextInt(9), null, "", "other", "unknown"),
              pick(random, "success", "failed", "success", "pending", null, "", "other", "unknown"),
              time(random, windows)));
    }
    return rows;
  }

  private static String pick(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static Instant time(Random random, List<Duration> windows) {
    Duration window = windows.get(random.nextInt(windows.size()));
    long micros = random.nextLong(3) - 1;
    return switch (random.nextInt(6)) {
      case 0 -> null;
      // The bounds themselves, and a microsecond on either side.
      case 1 -> T.minus(window).plusNanos(1000 * micros);
      case 2 -> T.plusNanos(1000 * micros);
      case 3 -> T.plusSeconds(random.nextInt(100_000));
      default -> T.minusMillis((long) (window.toMillis() * 1.2 * random.nextDouble()));
    };
  }
}
