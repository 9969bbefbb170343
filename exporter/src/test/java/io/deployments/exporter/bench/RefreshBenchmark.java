package io.deployments.exporter.bench;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.refresh.RefreshOutcome;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * What a refresh costs the database, compared with what it replaces and with the least possible.
 */
final class RefreshBenchmark {

  private static final String WINDOW =
      "created_at >= now() - interval '30 days' AND created_at <= now()";

  /** How often everything is compared; medians count. */
  private static final int COMPARISONS = 3;

  /** How often a refresh is measured at least, and for how long: short ones vary. */
  private static final int REFRESHES = 5;

  private static final long REFRESHING_NANOS = 1_000_000_000;

  /** Of linear and of flat: the same refresh takes a fifth longer in one minute than in another. */
  private static final double TOLERANCE = 1.5;

  private RefreshBenchmark() {}

  /** A database with rows, some of them outside all windows. */
  static TestDatabase rows(long rows) {
    TestDatabase database = TestDatabase.create().run("schema.sql");
    database.execute(
        TestDatabase.read("/database/benchmark-rows.sql").replace(":rows", Long.toString(rows)));
    database.execute("VACUUM ANALYZE deployments");
    // Now, and not while something is measured.
    database.execute("CHECKPOINT");
    return database;
  }

  /** The refresh against the queries it replaces, and against counting the rows. */
  static List<Figure> ratios(TestDatabase database) {
    double[] refresh = new double[COMPARISONS];
    double[] original = new double[COMPARISONS];
    double[] floor = new double[COMPARISONS];
    try (Reader reader = new Reader(database)) {
      reader.refresh();
      for (int i = 0; i < COMPARISONS; i++) {
        floor[i] = time(database, "SELECT count(*) FROM deployments WHERE " + WINDOW);
        refresh[i] = reader.refresh();
        original[i] = originalQueries(database);
      }
    }
    return List.of(
        Figure.ratio(
            "refresh, all families and windows",
            median(refresh),
            "s",
            "the original queries, one window",
            median(original),
            0.35),
        Figure.ratio(
            "the same", median(refresh), "s", "`count(*)` over 30 days", median(floor), 10));
  }

  /** The first sketch: one query per question and network, and the total again per template. */
  private static double originalQueries(TestDatabase database) {
    double seconds =
        time(database, "SELECT network, count(*) FROM deployments WHERE " + WINDOW + " GROUP BY 1");
    for (String network : List.of("metis", "hyperion")) {
      String where = " FROM deployments WHERE network = '" + network + "' AND " + WINDOW;
      seconds += time(database, "SELECT count(DISTINCT project_id)" + where);
      seconds +=
          time(
              database,
              "SELECT count(*), count(*) FILTER (WHERE status = 'success'),"
                  + " count(*) FILTER (WHERE status = 'failed'), count(DISTINCT project_id)"
                  + where);
      String templates =
          "SELECT template, count(*), count(*) FILTER (WHERE status = 'success')"
              + where
              + " GROUP BY template";
      seconds += time(database, templates);
      double total = time(database, "SELECT count(*)" + where);
      seconds += total * database.query(templates).size();
    }
    return seconds;
  }

  /**
   * Time of refreshes as tables grow, by the number of rows.
   *
   * @param rows of the largest table
   * @param seconds that a refresh of it takes
   */
  static List<Figure> growth(long rows, double seconds) {
    List<Figure> figures = new ArrayList<>();
    long before = 0;
    double secondsBefore = 0;
    for (long next = Math.min(10_000, rows); before < rows; next = Math.min(next * 10, rows)) {
      double secondsNow = next == rows ? seconds : refreshes(next);
      String name = String.format(Locale.ROOT, "refresh of %,d rows", next);
      figures.add(
          before == 0
              ? new Figure(name, secondsNow * 1e3, "ms", "", 0, Double.POSITIVE_INFINITY)
              : Figure.ratio(
                  name,
                  secondsNow * 1e3,
                  "ms",
                  String.format(Locale.ROOT, "of %,d rows", before),
                  secondsBefore * 1e3,
                  TOLERANCE * next / before));
      before = next;
      secondsBefore = secondsNow;
    }
    return figures;
  }

  /** Time of refreshes while the rows of the windows stay and older ones come on top. */
  static List<Figure> olderRows(long rows, long largest) {
    List<Figure> figures = new ArrayList<>();
    try (TestDatabase database = rows(rows)) {
      double before = refreshes(database);
      for (long older = rows * 10; older <= largest; older *= 10) {
        database.execute(
            """
            INSERT INTO deployments
            SELECT project_id, network, template, status, created_at - interval '41 days' * n
            FROM deployments, generate_series(1, %d) AS n
            WHERE created_at > now() - interval '40 days'
            """
                .formatted(older / rows - 1));
        database.execute("VACUUM ANALYZE deployments");
        figures.add(
            Figure.ratio(
                String.format(
                    Locale.ROOT, "refresh of %,d rows below %,d older ones", rows, older - rows),
                refreshes(database) * 1e3,
                "ms",
                "without older ones",
                before * 1e3,
                TOLERANCE));
      }
    }
    return figures;
  }

  private static double refreshes(long rows) {
    try (TestDatabase database = rows(rows)) {
      return refreshes(database);
    }
  }

  /** Seconds that a refresh takes. */
  static double refreshes(TestDatabase database) {
    try (Reader reader = new Reader(database)) {
      reader.refresh();
      List<Double> seconds = new ArrayList<>();
      long start = System.nanoTime();
      while (seconds.size() < REFRESHES || System.nanoTime() - start < REFRESHING_NANOS) {
        seconds.add(reader.refresh());
      }
      return median(seconds.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /** The share of the time in which statements ran, and the connections, of a running exporter. */
  static List<Figure> politeness(Path folder, Path javaHome, TestDatabase database)
      throws IOException {
    double share = 0.25;
    try (MeasuredExporter exporter =
        MeasuredExporter.start(
            folder,
            MeasuredExporter.command(javaHome),
            database,
            "REFRESH_INTERVAL",
            "100ms",
            "MAX_DATABASE_SHARE",
            Double.toString(share),
            "STALENESS_LIMIT",
            "1h")) {
      exporter.awaitPage("deployments_30d{");
      // The first one reads cold caches.
      Activity.during(database, 1);
      Activity activity = Activity.during(database, 3);
      return List.of(
          Figure.ratio(
              "share of the time in which a transaction was open",
              activity.share(),
              "of 1",
              "`MAX_DATABASE_SHARE`",
              share,
              1.1),
          Figure.of("connections at most, refreshing", activity.connections(), "connections", 2),
          Figure.of(
              "connections at most, refreshing and asked by two clients",
              whileAsked(exporter, database, activity.period().multipliedBy(2)),
              "connections",
              2));
    }
  }

  /** Connections at most while clients ask for days that are no window, one after the other. */
  private static int whileAsked(
      MeasuredExporter exporter, TestDatabase database, Duration duration) {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService clients = Executors.newCachedThreadPool();
    List<Future<?>> asked = new ArrayList<>();
    for (String question :
        List.of("active-projects?network=metis&days=29", "network-split?days=29")) {
      asked.add(
          clients.submit(
              () -> {
                try (PageClient client = new PageClient(exporter.port(), "/api/v1/" + question)) {
                  while (!over.get()) {
                    client.get();
                  }
                }
                return null;
              }));
    }
    try {
      int connections = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < duration.toNanos()) {
        connections = Math.max(connections, Activity.connections(Activity.look(database)));
        LockSupport.parkNanos(2_000_000);
      }
      over.set(true);
      for (Future<?> client : asked) {
        client.get();
      }
      return connections;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      over.set(true);
      clients.shutdownNow();
    }
  }

  /**
   * What the server saw of the exporter.
   *
   * @param period from the beginning of a transaction to that of the next
   */
  private record Activity(double share, int connections, Duration period) {

    /** How many transactions are open now, and how many connections there are. */
    static List<String> look(TestDatabase database) {
      return database
          .query(
              "SELECT count(xact_start), count(*) FROM pg_stat_activity"
                  + " WHERE backend_type = 'client backend'"
                  + " AND application_name = 'deployment-exporter'")
          .get(0);
    }

    static int connections(List<String> look) {
      return Integer.parseInt(look.get(1));
    }

    /** Looks as often as it can, from the beginning of a transaction over as many as are given. */
    static Activity during(TestDatabase database, int transactions) {
      long open = 0;
      long first = 0;
      long last = System.nanoTime();
      int connections = 0;
      int begun = -1;
      boolean wasOpen = true;
      while (begun < transactions) {
        List<String> row = look(database);
        long now = System.nanoTime();
        boolean isOpen = Integer.parseInt(row.get(0)) > 0;
        connections = Math.max(connections, connections(row));
        if (isOpen && !wasOpen) {
          begun++;
          first = begun == 0 ? now : first;
        }
        if (begun >= 0 && wasOpen) {
          open += now - last;
        }
        wasOpen = isOpen;
        last = now;
        LockSupport.parkNanos(2_000_000);
      }
      return new Activity(
          open / (double) (last - first),
          connections,
          Duration.ofNanos((last - first) / transactions));
    }
  }

  private static double time(TestDatabase database, String sql) {
    long start = System.nanoTime();
    database.query(sql);
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The exporter's own refresh, with its pool. */
  private static final class Reader implements AutoCloseable {

    private final Database database;
    private final Refresher refresher;

    Reader(TestDatabase rows) {
      Settings settings = rows.settings("REFRESH_TIMEOUT", "10m");
      database =
          new Database(
              settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry());
      refresher =
          new Refresher(
              database, settings.scope(), settings.refresh().timeout(), InstantSource.system());
    }

    /** Refreshes, and says how many seconds its transaction took. */
    double refresh() {
      if (refresher.refresh() instanceof RefreshOutcome.Succeeded good) {
        return good.statements().toNanos() / 1e9;
      }
      throw new IllegalStateException("The refresh failed");
    }

    @Override
    public void close() {
      database.close();
    }
  }
}
