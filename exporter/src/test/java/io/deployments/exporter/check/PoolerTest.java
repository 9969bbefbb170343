package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.Programs;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PgBouncer in transaction mode between {@code check} and the database. */
class PoolerTest {

  @TempDir private Path folder;

  @Test
  void aPoolerIsNoticedAndIsNoFault() throws IOException {
    assumeTrue(Programs.has("pgbouncer"), "pgbouncer is not on the PATH");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute(
          "INSERT INTO deployments VALUES ('p', 'metis', 't', 'success'),"
              + " ('p', 'hyperion', 't', 'failed')");
      Process pooler = start(postgres, port);
      try {
        Await.until(() -> "PgBouncer listens", Duration.ofSeconds(20), () -> listens(port));
        Checked checked =
            Checked.of(
                postgres.settings(
                    "DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + port + "/" + postgres.name()));
        assertThat(checked.right()).as(checked.toString()).isTrue();
        checked.assertOn("pooler").startsWith("ok there is one");
        checked.assertOn("server").startsWith("ok PostgreSQL ");
        assertThat(checked.on("query")).hasSize(4);
      } finally {
        pooler.destroy();
      }
    }
  }

  private Process start(TestDatabase postgres, int port) throws IOException {
    Path settings = folder.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        * = user=postgres host=127.0.0.1 port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        """
            .formatted(postgres.port(), port));
    List<String> command = new ArrayList<>(List.of("pgbouncer"));
    if (System.getProperty("user.name").equals("root")) {
      // It refuses to run as root, and so has to be able to read its file as somebody else.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(settings.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
