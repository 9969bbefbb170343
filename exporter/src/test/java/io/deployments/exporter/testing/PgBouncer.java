package io.deployments.exporter.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PgBouncer in transaction mode with a single server connection, so that clients must share. */
public final class PgBouncer implements AutoCloseable {

  private final Process process;
  private final int port;

  private PgBouncer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether it can be started here. */
  public static boolean isInstalled() {
    return Files.isExecutable(program());
  }

  private static Path program() {
    // Debian puts it where only root's PATH looks.
    return Path.of("/usr/sbin/pgbouncer");
  }

  /** Starts one in front of the server of the given database. */
  public static PgBouncer start(TestDatabase database, Path folder) throws IOException {
    int port = InstalledProgram.freePort();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path users = Files.writeString(folder.resolve("users.txt"), "\"postgres\" \"\"\n");
    Path settings =
        Files.writeString(
            folder.resolve("pgbouncer.ini"),
            """
            [databases]
            * = host=127.0.0.1 port=%d
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = trust
            auth_file = %s
            admin_users = postgres
            pool_mode = transaction
            default_pool_size = 1
            """
                .formatted(database.port(), port, users));
    List<String> command = new ArrayList<>(List.of(program().toString()));
    if (System.getProperty("user.name").equals("root")) {
      // It refuses to run as root.
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(settings.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    PgBouncer bouncer = new PgBouncer(process, port);
    Await.until(
        () -> "PgBouncer accepts connections",
        Duration.ofSeconds(20),
        () -> bouncer.isAnswering(database.name()));
    return bouncer;
  }

  private boolean isAnswering(String database) {
    try (Connection connection = DriverManager.getConnection(url(database), "postgres", "")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** The JDBC URL of a database behind it. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
