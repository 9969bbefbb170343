package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.OwnPostgres;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose disk is full: a small file system of its own, and a file that fills it. */
class DiskFullTest {

  @TempDir private Path folder;
  private boolean isMounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    isMounted = run("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", folder.toString());
    if (!isMounted) {
      System.out.println("Skipped: needs the right to mount a file system, as root has it");
    }
    assumeTrue(isMounted, "needs the right to mount a file system, as root has it");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (isMounted) {
      assertThat(run("umount", "--lazy", folder.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  @Test
  void figuresStayAndComeBackByThemselves() throws IOException {
    try (OwnPostgres postgres = OwnPostgres.in(folder)) {
      postgres.execute(
          TestDatabase.read("/database/schema.sql"),
          "INSERT INTO deployments SELECT md5(i::text), 'metis', 'erc20', 'success'"
              + " FROM generate_series(1, 20000) AS i",
          "ALTER ROLE postgres SET work_mem = '64kB'",
          "CHECKPOINT");
      try (RunningExporter exporter =
          RunningExporter.ready(TestDatabase.settingsFor(postgres.url()))) {
        ExporterClient client = exporter.client();
        Path filler = folder.resolve("filler");
        Await.until(
            () -> "noticed",
            Duration.ofMinutes(2),
            () -> {
              // Again: a refresh under way may have had its space, and left it to the next.
              fill(filler);
              return client.failures("query") > 0;
            });
        assertThat(client.metrics().value("deployments_active_projects_any_network_30d"))
            .contains(20_000.0);
        assertThat(client.get("/-/ready").statusCode()).isEqualTo(200);

        Files.delete(filler);
        double success = client.lastSuccess();
        Await.until(
            () -> "well again", Duration.ofMinutes(2), () -> client.lastSuccess() > success);
      }
    }
  }

  private static void fill(Path file) {
    byte[] piece = new byte[4096];
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }
}
