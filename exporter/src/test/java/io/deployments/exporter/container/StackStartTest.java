package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.settings.SettingNames;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** How docker-compose.yml starts where something is set, wrong, or was cut off. */
class StackStartTest {

  private static final Path OWN_DATABASE = ComposeFile.ROOT.resolve("compose/own-database.yml");
  private static final String HAS_PASSWORD =
      "SELECT rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = 'deployment_exporter'";

  @BeforeAll
  static void docker() {
    Stack.orSkip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"set-up", "postgres"})
  void aFirstStartThatIsCutOffIsCompletedByTheNext(String killed) {
    try (Stack stack = new Stack("interrupted", Map.of())) {
      stack.must(
          "run",
          "--rm",
          "--no-deps",
          "-T",
          "--entrypoint",
          "sh",
          "postgres",
          "-c",
          "mkdir -p $PGDATA.unfinished && echo 18 > $PGDATA.unfinished/PG_VERSION");
      stack.must("up", "--detach", "--wait", "postgres");
      stack.must(
          "exec",
          "-T",
          "postgres",
          "psql",
          "-h",
          "127.0.0.1",
          "-U",
          "telemetry",
          "-d",
          "postgres",
          "-c",
          "CREATE DATABASE telemetry");
      stack.sql(TestDatabase.read("/database/schema.sql"));
      // Lets set-up come as far as the rows, and no farther.
      stack.must(
          "exec",
          "--detach",
          "postgres",
          "psql",
          "-h",
          "127.0.0.1",
          "-U",
          "telemetry",
          "-d",
          "telemetry",
          "-c",
          "BEGIN; LOCK TABLE deployments IN SHARE MODE; SELECT pg_sleep(3600)");
      stack.awaitSql("SELECT count(*) FROM pg_locks WHERE mode = 'ShareLock' AND granted", "1");
      stack.must("up", "--detach", "set-up");
      stack.awaitSql(
          "SELECT count(*) FROM pg_stat_activity"
              + " WHERE wait_event_type = 'Lock' AND query LIKE 'WITH hours%'",
          "1");

      stack.must("kill", killed);

      if (killed.equals("set-up")) {
        stack.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()");
      }
      stack.must("up", "set-up");
      assertThat(stack.sql("SELECT count(*) BETWEEN 30000 AND 60000 FROM deployments"))
          .isEqualTo("t");
      assertThat(stack.sql(HAS_PASSWORD)).isEqualTo("t");
    }
  }

  @Test
  void aSecretThatCannotBeReadOrIsEmptyStopsTheStart(@TempDir Path secrets) throws IOException {
    try (Stream<Path> files = Files.list(ComposeFile.ROOT.resolve("compose/secrets"))) {
      for (Path file : files.toList()) {
        Path copy = secrets.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r--r--r--"));
      }
    }
    Path password = secrets.resolve("exporter-password");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("r--------"));
    try (Stack stack = new Stack("secrets", Map.of("SECRETS_FOLDER", secrets.toString()))) {
      String refused =
          "/run/secrets/exporter-password is empty, or user 70 of this container can't read it.";
      assertThat(stack.compose("up", "set-up").printed()).contains(refused);
      assertThat(stack.sql(HAS_PASSWORD)).contains("database \"telemetry\" does not exist");

      Files.delete(password);
      Files.writeString(password, "\n");
      assertThat(stack.compose("up", "--force-recreate", "set-up").printed()).contains(refused);
      assertThat(stack.sql(HAS_PASSWORD)).contains("database \"telemetry\" does not exist");

      Files.writeString(password, "another\n");
      stack.must("up", "--force-recreate", "set-up");
      assertThat(stack.sql(HAS_PASSWORD)).isEqualTo("t");
    }
  }

  @Test
  void everySettingReachesTheProcessFromTheEnvironmentAndFromTheFile(@TempDir Path folder)
      throws IOException {
    Map<String, String> given = new TreeMap<>();
    SettingNames.all().forEach(name -> given.put(name, "some-" + name));
    given.put("DATABASE_PASSWORD_FILE", folder.resolve("password").toString());
    Map<String, String> expected = new TreeMap<>(given);
    expected.put("DATABASE_PASSWORD_FILE", "/run/secrets/exporter-password");
    Path file =
        Files.writeString(
            folder.resolve("settings.env"),
            given.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining()));

    for (Map<?, ?> project :
        List.of(
            config(new Stack("settings", given, OWN_DATABASE), "config"),
            config(
                new Stack("settings", Map.of(), OWN_DATABASE), "--env-file=" + file, "config"))) {
      assertThat(project.toString()).contains(folder.resolve("password").toString());
      for (String service : List.of("exporter", "history-files")) {
        assertThat(environment(project, service)).as(service).containsAllEntriesOf(expected);
      }
    }
    // Those of the stack's own database are the stack's.
    expected.keySet().removeIf(name -> name.startsWith("DATABASE_"));
    Map<?, ?> demo = config(new Stack("settings", Map.of()), "--env-file=" + file, "config");
    assertThat(environment(demo, "exporter")).containsAllEntriesOf(expected);
    assertThat(environment(demo, "history-files")).containsAllEntriesOf(expected);
  }

  private static Map<?, ?> config(Stack stack, String... arguments) {
    String printed = stack.must(arguments);
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(printed);
  }

  private static Map<String, String> environment(Map<?, ?> project, String service) {
    Map<?, ?> fields = (Map<?, ?>) ((Map<?, ?>) project.get("services")).get(service);
    Map<String, String> environment = new TreeMap<>();
    ((Map<?, ?>) fields.get("environment"))
        .forEach((name, value) -> environment.put((String) name, String.valueOf(value)));
    return environment;
  }

  @Test
  void aDatabaseOfOnesOwnNeedsItsFileAndItsUrl() {
    try (Stack stack = new Stack("refused", Map.of("DATABASE_URL", "postgresql://db/telemetry"))) {
      Stack.Result refused = stack.compose("run", "--rm", "--no-deps", "-T", "set-up");
      assertThat(refused.status()).isNotZero();
      assertThat(refused.printed())
          .contains("docker compose -f docker-compose.yml -f compose/own-database.yml up");
    }
    Stack.Result missing =
        new Stack("refused", Map.of("DATABASE_URL", ""), OWN_DATABASE).compose("config");
    assertThat(missing.status()).isNotZero();
    assertThat(missing.printed())
        .contains("DATABASE_URL", "set it in the environment or in .env")
        .doesNotContain("history-files");
  }

  @Test
  void aDatabaseOfOnesOwnIsReadWithTheCredentialsOfItsUrl() {
    int port = InstalledProgram.freePort();
    String name = "deployments-test-own-postgres";
    String image = ComposeFile.read().service("postgres").text("image");
    String url =
        "postgresql://owner:of-the-url@host.docker.internal:" + port + "/elsewhere?sslmode=disable";
    String[] start = {
      "docker",
      "run",
      "--detach",
      "--name",
      name,
      "--publish",
      port + ":5432",
      "--env",
      "POSTGRES_USER=owner",
      "--env",
      "POSTGRES_PASSWORD=of-the-url",
      "--env",
      "POSTGRES_DB=elsewhere",
      image
    };
    try (Stack stack = new Stack("own", Map.of("DATABASE_URL", url), OWN_DATABASE)) {
      assertThat(Stack.run(Map.of(), start).status()).isZero();
      Await.until(
          () -> Stack.run(Map.of(), "docker", "logs", name).printed(),
          Duration.ofMinutes(1),
          () -> psql(name, TestDatabase.read("/database/schema.sql")) == 0);
      assertThat(psql(name, "INSERT INTO deployments VALUES ('p', 'metis', 't', 'success')"))
          .isZero();
      stack.must("up", "--build", "--detach", "exporter");
      Await.until(
          () -> stack.must("logs", "exporter"),
          Duration.ofMinutes(1),
          () ->
              stack
                  .page("exporter", 9079, "/metrics")
                  .contains(
                      "deployments_30d{network=\"metis\",status=\"success\",template=\"t\"} 1"));
    } finally {
      Stack.run(Map.of(), "docker", "rm", "--force", "--volumes", name);
    }
  }

  private static int psql(String container, String statement) {
    return Stack.run(
            Map.of(),
            "docker",
            "exec",
            container,
            "psql",
            "-h",
            "127.0.0.1",
            "-U",
            "owner",
            "-d",
            "elsewhere",
            "-c",
            statement)
        .status();
  }
}
