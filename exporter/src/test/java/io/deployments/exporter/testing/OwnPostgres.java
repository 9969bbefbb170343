package io.deployments.exporter.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server for one test, which can be killed and started again with the same rows. */
public final class OwnPostgres implements AutoCloseable {

  private final int port = InstalledProgram.freePort();
  private final Path data;
  private EmbeddedPostgres running;

  private OwnPostgres(Path folder) {
    // Not the folder itself: it may be a mount, which can't be deleted.
    this.data = folder.resolve("data");
    this.running = launch();
  }

  /** Starts one whose files are in the folder. */
  public static OwnPostgres in(Path folder) {
    return new OwnPostgres(folder);
  }

  private EmbeddedPostgres launch() {
    return EmbeddedServer.start(
        EmbeddedServer.builder()
            .setPort(port)
            .setDataDirectory(data)
            // Else it would be emptied by every end; it is filled at the first start all the same.
            .setCleanDataDirectory(false)
            .setServerConfig("shared_buffers", "16MB")
            // What was committed is there after a kill.
            .setServerConfig("synchronous_commit", "on"));
  }

  /** Its port on the loopback interface. */
  public int port() {
    return port;
  }

  /** The JDBC URL of its only database, without user. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** A new connection as superuser. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "postgres", "");
  }

  /** Runs statements as superuser, each in a transaction of its own. */
  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of the first row. */
  public String query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Kills the server and all its sessions, as a power failure would. */
  public void kill() {
    List<ProcessHandle> all = new ArrayList<>(List.of(server()));
    server().descendants().forEach(all::add);
    all.forEach(ProcessHandle::destroyForcibly);
    Await.until(
        () -> "killed: " + all,
        Duration.ofSeconds(20),
        () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  private ProcessHandle server() {
    try {
      List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
      return ProcessHandle.of(Long.parseLong(lines.get(0).strip())).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts again after {@link #kill()} or {@link #stop()}. */
  public void startAgain() {
    stop();
    running = launch();
  }

  /** Stops it the ordinary way, whoever is connected. */
  public void stop() {
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
