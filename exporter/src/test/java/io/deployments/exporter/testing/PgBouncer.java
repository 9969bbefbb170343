package io.deployments.exporter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PgBouncer in transaction mode with a single server connection, so that clients must share. */
public final class PgBouncer implements AutoCloseable {

  private final Path folder;
  private final int port;
  private Process process;

  private PgBouncer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    this.process = launch();
  }

  /** Whether it can be started here. */
  public static boolean isInstalled() {
    return Files.isExecutable(program());
  }

  private static Path program() {
    // Debian puts it where only root's PATH looks.
    return Path.of("/usr/sbin/pgbouncer");
  }

  /** Starts one in front of the server of the given database, which lets the superuser in. */
  public static PgBouncer start(TestDatabase database, Path folder) throws IOException {
    return start(database.port(), "*", folder, "\"postgres\" \"\"", "auth_type = trust");
  }

  /**
   * Starts one in front of a server.
   *
   * @param server the port of the server
   * @param database the one that it knows; {@code *} for all
   * @param users the lines of its {@code auth_file}
   * @param settings further lines of its settings
   */
  public static PgBouncer start(
      int server, String database, Path folder, String users, String... settings)
      throws IOException {
    int port = InstalledProgram.freePort();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    writeUsers(folder, users);
    Files.writeString(
        folder.resolve("pgbouncer.ini"),
        """
        [databases]
        %s = host=127.0.0.1 port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_file = %s
        pool_mode = transaction
        default_pool_size = 1
        %s
        """
            .formatted(
                database, server, port, folder.resolve("users.txt"), String.join("\n", settings)));
    return new PgBouncer(folder, port);
  }

  private static void writeUsers(Path folder, String users) throws IOException {
    Files.writeString(folder.resolve("users.txt"), users + "\n");
  }

  private Process launch() {
    List<String> command = new ArrayList<>(List.of(program().toString()));
    if (System.getProperty("user.name").equals("root")) {
      // It refuses to run as root.
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(folder.resolve("pgbouncer.ini").toString());
    try {
      Process launched =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("pgbouncer.log").toFile())
              .start();
      Await.until(() -> "PgBouncer accepts connections", Duration.ofSeconds(20), this::isListening);
      return launched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Ends it, with all connections, and starts it again.
   *
   * @param users the lines of its {@code auth_file} from then on
   */
  public void restart(String users) throws IOException {
    close();
    writeUsers(folder, users);
    process = launch();
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
