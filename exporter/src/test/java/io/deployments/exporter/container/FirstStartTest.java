package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first {@code docker compose up}, with its own scripts on the programs of this machine. */
class FirstStartTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ComposeFile COMPOSE = ComposeFile.read();

  @TempDir private Path folder;

  /** Runs a script of the repository, of which the paths in a container are elsewhere here. */
  private String run(Map<String, String> environment, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(printed).isZero();
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A file of the repository with the paths in the container replaced by those of this machine. */
  private String here(String source, String... pathsAndReplacements) throws IOException {
    String text = Files.readString(ComposeFile.ROOT.resolve(source));
    for (int i = 0; i < pathsAndReplacements.length; i += 2) {
      text = text.replace(pathsAndReplacements[i], pathsAndReplacements[i + 1]);
    }
    Path file = folder.resolve(Path.of(source).getFileName());
    return Files.writeString(file, text).toString();
  }

  /** What the service `set-up` does, at each {@code docker compose up}. */
  private String setUp(TestDatabase database) throws IOException {
    return run(
        Map.of(
            "PGHOST",
            "127.0.0.1",
            "PGPORT",
            database.port() + "",
            "PGUSER",
            "postgres",
            "PGDATABASE",
            database.name()),
        "sh",
        here(
            "compose/set-up.sh",
            "/run/secrets",
            ComposeFile.ROOT.resolve("compose/secrets").toString()),
        ComposeFile.ROOT.resolve("database").toString());
  }

  @Test
  void theDatabaseGetsItsTableRoleAndRowsAndPrometheusItsHistory() throws IOException {
    InstalledProgram.orSkip("psql");
    InstalledProgram.orSkip("promtool");
    InstalledProgram prometheus = InstalledProgram.orSkip("prometheus");
    try (TestDatabase database = TestDatabase.create()) {
      String first = setUp(database);
      assertThat(first).containsPattern("^Set up, with [3-5][0-9]{4} deployments\\.\\s*$");
      assertThat(setUp(database)).as("once more").isEqualTo(first);
      assertThat(
              database.query(
                  "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid"
                      + " WHERE rolname = 'deployment_exporter'"))
          .containsExactly(List.of("t"));

      Path data = Files.createDirectory(folder.resolve("data"));
      Path history = Files.createDirectory(folder.resolve("history"));
      assertThat(writeHistory(database, history, data)).contains("Wrote ");
      loadHistory(history, data);
      try (Stream<Path> left = Files.list(history.resolve("files"))) {
        assertThat(left).isEmpty();
      }
      startPrometheus(prometheus, data, database);

      // The second `docker compose up`.
      assertThat(writeHistory(database, history, data)).contains("no history is written");
      assertThat(loadHistory(history, data)).contains("no history is loaded");
    }
  }

  private String writeHistory(TestDatabase database, Path history, Path data) {
    return run(
        Map.of(
            "DATABASE_URL",
            database.url(),
            "DATABASE_USER",
            "deployment_exporter",
            "DATABASE_PASSWORD_FILE",
            ComposeFile.ROOT + "/compose/secrets/exporter-password",
            "HISTORY_DAYS",
            "12"),
        "sh",
        ComposeFile.ROOT.resolve("compose/write-history.sh").toString(),
        history.toString(),
        data.toString(),
        ProcessHandle.current().info().command().orElseThrow(),
        "-cp",
        System.getProperty("java.class.path"),
        "io.deployments.exporter.Exporter");
  }

  private String loadHistory(Path history, Path data) {
    return run(
        Map.of(),
        "sh",
        ComposeFile.ROOT.resolve("compose/load-history.sh").toString(),
        history.toString(),
        data.toString());
  }

  /** Starts it with the flags of the file, and asks for the figures of ten days ago and of now. */
  private void startPrometheus(InstalledProgram program, Path data, TestDatabase database)
      throws IOException {
    try (RunningExporter exporter =
        RunningExporter.ready(
            database.settings(
                "DATABASE_USER",
                "deployment_exporter",
                "DATABASE_PASSWORD_FILE",
                ComposeFile.ROOT + "/compose/secrets/exporter-password"))) {
      String target = "127.0.0.1:" + exporter.uri("/").getPort();
      String configuration =
          here(
              "prometheus/prometheus.yml",
              "\"exporter:9079\"]",
              "\"" + target + "\"]\n        labels: {instance: \"exporter:9079\"}",
              "rules/",
              ComposeFile.ROOT.toAbsolutePath().normalize() + "/prometheus/rules/",
              "15s",
              "1s");
      int port = InstalledProgram.freePort();
      String[] flags =
          Stream.concat(
                  COMPOSE.service("prometheus").list("command").stream()
                      .map(flag -> flag.replace("=/prometheus", "=" + data))
                      .map(
                          flag ->
                              flag.startsWith("--config.file=")
                                  ? "--config.file=" + configuration
                                  : flag),
                  Stream.of("--web.listen-address=127.0.0.1:" + port))
              .toArray(String[]::new);
      Path log = folder.resolve("log");
      Process process = program.start(log, flags);
      try {
        String answer = "\"value\":[";
        // One series over the seam: it has a value now, and had one ten days ago.
        String both =
            "sum by (job, instance) (deployments_30d) and sum by (job, instance)"
                + " (deployments_30d offset 10d) > 1000";
        Await.until(
            () -> "live samples and history: " + ask(port, both) + read(log),
            Duration.ofSeconds(60),
            () -> ask(port, both).contains(answer));
        assertThat(ask(port, both))
            .contains("\"instance\":\"exporter:9079\"", "\"job\":\"deployment-exporter\"");
      } finally {
        InstalledProgram.stop(process);
      }
    }
  }

  private static String ask(int port, String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + encoded);
    try {
      return CLIENT
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
