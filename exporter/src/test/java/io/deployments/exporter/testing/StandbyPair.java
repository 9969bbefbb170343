package io.deployments.exporter.testing;

import java.io.IOException;
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

/** A primary and its streaming standby, of the PostgreSQL that the system has installed. */
public final class StandbyPair implements AutoCloseable {

  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");

  private final Path folder;
  private final int primaryPort;
  private final int standbyPort;

  private StandbyPair(Path folder) {
    this.folder = folder;
    this.primaryPort = InstalledProgram.freePort();
    this.standbyPort = InstalledProgram.freePort();
  }

  /** Whether the programs are there. */
  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAMS.resolve("pg_basebackup"));
  }

  /** Starts the two; the standby lets no query delay what it replays. */
  public static StandbyPair start() throws IOException, InterruptedException {
    Path folder = Path.of(run(List.of("mktemp", "-d")).strip());
    StandbyPair pair = new StandbyPair(folder);
    try {
      pair.program("initdb", "-A", "trust", "-U", "postgres", "-D", pair.data("primary"));
      pair.control("primary", pair.primaryPort, "start");
      pair.program(
          "pg_basebackup",
          "-R",
          "-h",
          "127.0.0.1",
          "-p",
          String.valueOf(pair.primaryPort),
          "-U",
          "postgres",
          "-D",
          pair.data("standby"));
      pair.control("standby", pair.standbyPort, "start");
      return pair;
    } catch (IOException | InterruptedException | RuntimeException e) {
      pair.close();
      throw e;
    }
  }

  private String data(String server) {
    return folder.resolve(server).toString();
  }

  private void control(String server, int port, String action)
      throws IOException, InterruptedException {
    program(
        "pg_ctl",
        "-w",
        "-D",
        data(server),
        "-l",
        folder.resolve(server + ".log").toString(),
        "-o",
        "-p "
            + port
            + " -k "
            + folder
            + " -c listen_addresses=127.0.0.1 -c fsync=off -c max_standby_streaming_delay=0",
        action);
  }

  private void program(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PROGRAMS.resolve(name).toString()));
    command.addAll(List.of(arguments));
    run(command);
  }

  /** Runs a program as a user that PostgreSQL accepts. */
  private static String run(List<String> command) throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      whole.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    whole.addAll(command);
    // To a file: a server that was started keeps the stream open, and reading would never end.
    Path output = Files.createTempFile("program", ".txt");
    try {
      Process process =
          new ProcessBuilder(whole)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + Files.readString(output));
      }
      return Files.readString(output);
    } finally {
      Files.delete(output);
    }
  }

  /** The standby's JDBC URL. */
  public String standbyUrl() {
    return "jdbc:postgresql://127.0.0.1:" + standbyPort + "/postgres";
  }

  /** Runs statements on the primary, each in a transaction of its own. */
  public void onPrimary(String... statements) {
    try (Connection connection = connect(primaryPort);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of the first row, asked of the standby. */
  public String onStandby(String sql) {
    try (Connection connection = connect(standbyPort);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  private static Connection connect(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
  }

  /** Waits until the standby has a row that the query finds. */
  public void awaitOnStandby(String sql, String value) {
    Await.until(
        () -> sql + " gives " + value, Duration.ofSeconds(30), () -> value.equals(onStandby(sql)));
  }

  /** Makes the standby a primary. */
  public void promote() throws IOException, InterruptedException {
    program("pg_ctl", "-w", "-D", data("standby"), "promote");
  }

  @Override
  public void close() throws IOException {
    try {
      for (String server : List.of("standby", "primary")) {
        if (Files.exists(folder.resolve(server).resolve("postmaster.pid"))) {
          program("pg_ctl", "-w", "-m", "immediate", "-D", data(server), "stop");
        }
      }
      run(List.of("rm", "-rf", folder.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
