package io.deployments.exporter.demo;

import io.deployments.exporter.testing.EmbeddedServer;
import io.deployments.exporter.testing.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL with the demo's history, to which deployments are added every few seconds. */
final class DemoDatabase implements AutoCloseable {

  /** Of the exporter's role, in a database that only this machine can reach. */
  static final String PASSWORD = "demo";

  /** From some new deployments to the next. */
  static final Duration TICK = Duration.ofSeconds(5);

  /** Where a second run of the command finds the database of the first. */
  private static final Path ADDRESS =
      Path.of(System.getProperty("demo.folder", System.getProperty("java.io.tmpdir")), "demo.url");

  private final EmbeddedPostgres postgres;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "demo-tick");
            thread.setDaemon(true);
            return thread;
          });

  private DemoDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Starts it, with the history, and from now on new deployments. */
  static DemoDatabase start(Duration tick) {
    DemoDatabase database =
        new DemoDatabase(
            EmbeddedServer.start(EmbeddedServer.builder().setRegisterShutdownHook(false)));
    try {
      database.run("schema.sql");
      database.run("exporter-role.sql");
      database.run("demo-history.sql");
      Future<?> unused =
          database.ticks.scheduleAtFixedRate(
              database::tick, tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS);
      return database;
    } catch (SQLException e) {
      database.close();
      throw new IllegalStateException("The demo's database could not be filled: " + e, e);
    }
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  private static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, "postgres", "");
  }

  private void run(String file) throws SQLException {
    try (Connection connection = connect(url());
        Statement statement = connection.createStatement()) {
      // The one psql variable in these files.
      statement.execute(
          TestDatabase.read("/database/" + file).replace(":'password'", "'" + PASSWORD + "'"));
    }
  }

  private void tick() {
    try {
      run("demo-tick.sql");
    } catch (SQLException | RuntimeException e) {
      System.err.println("No new deployments this time: " + e.getMessage());
    }
  }

  /** Lets another run of the command find this database, until it is closed. */
  void makeKnown() throws IOException {
    Files.writeString(ADDRESS, url());
  }

  /**
   * Lets a network's deployments fail in the demo that is running, or ends that.
   *
   * @param network the network, or {@code off}
   * @return whether a demo is running
   */
  static boolean switchRunning(String network) throws IOException {
    if (!Files.exists(ADDRESS)) {
      return false;
    }
    try {
      switchIncident(Files.readString(ADDRESS), network);
      return true;
    } catch (SQLException e) {
      // Left over from a demo that was killed.
      return false;
    }
  }

  /**
   * Lets a network's deployments fail, or ends that.
   *
   * @param network the network, or {@code off}
   */
  void switchIncident(String network) throws SQLException {
    switchIncident(url(), network);
  }

  private static void switchIncident(String url, String network) throws SQLException {
    String sql =
        network.equals("off")
            ? "UPDATE demo.incident SET ended_at = now() WHERE ended_at IS NULL AND ? <> ''"
            : "INSERT INTO demo.incident (network) VALUES (?) ON CONFLICT DO NOTHING";
    try (Connection connection = connect(url);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, network);
      statement.executeUpdate();
    }
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    try {
      if (Files.exists(ADDRESS) && Files.readString(ADDRESS).equals(url())) {
        Files.delete(ADDRESS);
      }
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
