package io.deployments.exporter.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At every moment the history says what the exporter would have said. */
@Tag("postgres")
class BackfillModelTest {

  private static final Random SEEDS = new Random();

  @Test
  void fiftyMomentsOfTheDemo() {
    long seed = SEEDS.nextLong();
    System.out.println("fiftyMomentsOfTheDemo: seed " + seed);
    Random random = new Random(seed);
    try (TestDatabase database = TestDatabase.create();
        Published published = new Published(database.settings())) {
      database.run("schema.sql").run("demo-history.sql");
      Instant to = Instant.now();
      Instant from = to.minus(120, ChronoUnit.DAYS);
      BackfillRun run =
          BackfillRun.of(
              database, List.of(), "--from=" + from, "--to=" + to, "--step=1h", "--output=-");
      assertThat(run.exit()).as("%s", run.err()).isZero();
      Steps steps = Steps.between(from, to, Duration.ofHours(1));
      Set<Long> moments = new HashSet<>();
      while (moments.size() < 50) {
        moments.add(steps.second(random.nextInt(steps.count())));
      }
      assertEqual(run, moments, published);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"timestamptz", "timestamp"})
  void anyTable(String timeType) {
    long seed = SEEDS.nextLong();
    System.out.println("anyTable(" + timeType + "): seed " + seed);
    Random random = new Random(seed);
    boolean many = timeType.equals("timestamptz");
    List<String> settings = List.of("MAX_TEMPLATES", many ? "100" : "3", "WINDOWS", "45m,45d");
    try (TestDatabase database = TestDatabase.create();
        Published published = new Published(database.settings(settings.toArray(String[]::new)))) {
      database.execute(
          "CREATE TABLE deployments (project_id text, network text, template text, status text,"
              + " created_at "
              + timeType
              + ")");
      Instant end = Instant.parse("2026-03-01T00:00:00Z");
      // Ten thousand combinations at each step are soon too many for a test.
      Instant from = end.minus(many ? 3 : 100, ChronoUnit.DAYS);
      database.execute(
          "INSERT INTO deployments VALUES "
              + rows(random, end, many).stream().collect(Collectors.joining(", ")));
      BackfillRun run =
          BackfillRun.of(
              database,
              settings,
              "--from=" + from,
              "--to=" + end,
              "--step=6h",
              "--label=job=j",
              "--output=-");
      assertThat(run.exit()).as("%s", run.err()).isZero();
      Steps steps = Steps.between(from, end, Duration.ofHours(6));
      // The last moments too: rows after them must not show.
      Set<Long> moments = new HashSet<>(Set.of(steps.second(0), steps.last().getEpochSecond()));
      while (moments.size() < Math.min(80, steps.count())) {
        moments.add(steps.second(random.nextInt(steps.count())));
      }
      assertEqual(run, moments, published);
    }
  }

  /**
   * Sparse at first, then dense; many networks; rows on the bounds of windows, to the second.
   *
   * @param many whether there are so many templates and statuses that the product is bounded
   */
  private static List<String> rows(Random random, Instant end, boolean many) {
    List<String> networks = new ArrayList<>(List.of("NULL", "''", "'metis'", "'other'"));
    for (int i = 0; i < 22; i++) {
      networks.add("'net " + i + "'");
    }
    List<String> templates =
        new ArrayList<>(List.of("NULL", "''", "'a'", "'b'", "'c\"\\d\n'", "'other'", "'é'"));
    List<String> statuses =
        new ArrayList<>(List.of("'success'", "'failed'", "'pending'", "NULL", "''"));
    for (int i = 0; many && i < 24; i++) {
      templates.add(i == 0 ? "repeat('x', 1001)" : "'t" + i + "'");
      statuses.add("'s" + i + "'");
    }
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      double age = 160 * Math.pow(random.nextDouble(), 2) - 5;
      long micros = end.getEpochSecond() * 1_000_000 - (long) (age * 86_400e6);
      if (random.nextInt(3) == 0) {
        // A multiple of every step and window, or one microsecond beside it.
        micros = Math.floorDiv(micros, 2_700_000_000L) * 2_700_000_000L + random.nextInt(3) - 1;
      }
      int network = (int) (networks.size() * Math.pow(random.nextDouble(), 3));
      Instant time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      rows.add(
          "("
              + (random.nextInt(10) == 0 ? "NULL" : "'p" + random.nextInt(60) + "'")
              + ", "
              + networks.get(network)
              + ", "
              + templates.get(random.nextInt(templates.size()))
              + ", "
              + statuses.get(random.nextInt(statuses.size()))
              + ", "
              + (random.nextInt(50) == 0 ? "NULL" : "'" + time.toString().replace("Z", "+00") + "'")
              + ")");
    }
    rows.add("('p', 'metis', 'a', 'success', 'infinity')");
    return rows;
  }

  private static void assertEqual(BackfillRun run, Set<Long> moments, Published published) {
    History history = History.parse(run.out(), moments::contains);
    moments.forEach(second -> assertEqual(history, published, second));
  }

  private static void assertEqual(History history, Published published, long second) {
    Instant moment = Instant.ofEpochSecond(second);
    Exposition expected = published.at(moment);
    Map<Exposition.Series, Double> actual =
        history.at(second).entrySet().stream()
            .collect(
                Collectors.toMap(
                    sample ->
                        new Exposition.Series(
                            sample.getKey().name(),
                            sample.getKey().labels().entrySet().stream()
                                .filter(label -> !label.getKey().equals("job"))
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))),
                    Map.Entry::getValue));
    assertThat(actual).as("at %s", moment).isEqualTo(expected.samples());
    expected
        .help()
        .forEach(
            (family, help) ->
                assertThat(history.headers())
                    .contains("# TYPE " + family + " gauge", "# HELP " + family + " " + help));
  }
}
