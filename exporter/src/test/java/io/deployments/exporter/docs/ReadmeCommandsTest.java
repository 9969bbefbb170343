package io.deployments.exporter.docs;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.Exporter;
import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.ServerProcess;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of the README is run: by {@code .ci/run}, by another test, or here, with an
 * address, a password and a database of the test in the place of the README's.
 */
class ReadmeCommandsTest {

  private static final String JAR = "java -jar exporter/target/deployment-exporter.jar";
  private static final String SERVE =
      "DATABASE_URL=postgresql://db.example.com:5432/telemetry DATABASE_USER=deployment_exporter"
          + " DATABASE_PASSWORD_FILE=/run/secrets/database-password "
          + JAR;
  private static final String CHECK = JAR + " check";
  private static final String BACKFILL =
      JAR
          + " backfill --from 2026-01-01 --output history/"
          + " --label job=deployment-exporter --label instance=exporter:9079";
  private static final String CURL =
      "curl -H 'Accept: text/csv'"
          + " 'http://localhost:9079/api/v1/template-adoption?network=metis&days=90'";

  private static final List<String> RUN_HERE = List.of(SERVE, CHECK, BACKFILL, CURL);

  /** Files that run a command, and what they say when they do. */
  private record RunBy(String file, String words) {}

  private static final String TESTS = "exporter/src/test/java/io/deployments/exporter/";

  private static final Map<String, RunBy> RUN_ELSEWHERE =
      Map.of(
          "mvn verify",
          new RunBy(".ci/run", "\nreadme \"mvn verify\""),
          "mvn verify -Psoak",
          new RunBy(".ci/run", "\nreadme \"mvn verify -Psoak\""),
          "mvn test-compile exec:java",
          new RunBy(".ci/run", "\nmvn -B -ntp test-compile exec:java"),
          "mvn package -Dmaven.test.skip=true",
          // .ci/image runs the steps of this file.
          new RunBy("exporter/Dockerfile", "mvn -B -ntp package -Dmaven.test.skip=true"),
          "mvn -q exec:java -Dexec.args=\"--incident metis\"",
          new RunBy(TESTS + "demo/DemoProcessTest.java", "\"--incident\", \"metis\""),
          "mvn -q exec:java -Dexec.args=\"--incident off\"",
          new RunBy(TESTS + "demo/DemoProcessTest.java", "\"--incident\", \"off\""),
          "docker compose up",
          // With Docker; FirstStartTest runs what it starts without.
          new RunBy(TESTS + "container/StackTest.java", "stack.must(\"up\", "));

  @TempDir private Path folder;

  /** The commands of the blocks without a language, each on one line. */
  private static List<String> commands() throws IOException {
    return new Markdown(Files.readString(Repository.path("README.md")))
        .blocks().stream()
            .filter(block -> block.language().isEmpty())
            .flatMap(block -> block.text().replaceAll("\\s*\\\\\n\\s*", " ").lines())
            .toList();
  }

  @Test
  void everyCommandIsRunSomewhere() throws IOException {
    assertThat(commands())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(RUN_HERE.stream(), RUN_ELSEWHERE.keySet().stream()).toList());
    for (RunBy by : RUN_ELSEWHERE.values()) {
      assertThat(Files.readString(Repository.path(by.file()))).contains(by.words());
    }
  }

  /** A shell runs it as it stands, the test's classes in the place of the jar. */
  private ServerProcess run(String name, String command, Map<String, String> environment)
      throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.put("CLASS_PATH", System.getProperty("java.class.path"));
    Path script =
        Files.writeString(
            folder.resolve(name + ".sh"),
            """
            cd '%s'
            java() {
              [ "$1 $2" = "-jar exporter/target/deployment-exporter.jar" ] || exit 9
              shift 2
              exec "$JAVA" -cp "$CLASS_PATH" %s "$@"
            }
            %s
            """
                .formatted(folder, Exporter.class.getName(), command));
    return ServerProcess.start(
        name, folder.resolve(name + ".log"), all, List.of("bash", script.toString()));
  }

  private static List<String> awaitLine(ServerProcess process, String part) {
    Await.until(
        () -> "a line with '" + part + "', but: " + process.log(),
        Duration.ofMinutes(1),
        () -> process.log().stream().anyMatch(line -> line.contains(part)));
    return process.log();
  }

  @Test
  void theExportersCommandsWorkAsTheyStand() throws IOException {
    InstalledProgram.orSkip("curl");
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute(
          TestDatabase.read("/database/exporter-role.sql").replace(":'password'", "'p'"));
      postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
      String address = "127.0.0.1:" + postgres.port() + "/" + postgres.name();
      Path password = Files.writeString(folder.resolve("database-password"), "p");
      Map<String, String> settings = new HashMap<>();
      settings.put("LISTEN_ADDRESS", "127.0.0.1:0");
      String serve =
          SERVE
              .replace("db.example.com:5432/telemetry", address)
              .replace("/run/secrets/database-password", password.toString());
      try (ServerProcess exporter = run("serve", serve, settings)) {
        String serving =
            awaitLine(exporter, "Serving at http").stream()
                .filter(line -> line.contains("Serving at http"))
                .findFirst()
                .orElseThrow();
        String root = serving.replaceFirst(".*Serving at (http://[^/]+)/.*", "$1");
        new ExporterClient(root).awaitReady();
        try (ServerProcess curl =
            run("curl", CURL.replace("http://localhost:9079", root), Map.of())) {
          assertThat(String.join("\n", awaitLine(curl, "erc20"))).contains("usage_count");
        }
      }
      settings.put("DATABASE_URL", "postgresql://" + address);
      settings.put("DATABASE_USER", "deployment_exporter");
      settings.put("DATABASE_PASSWORD_FILE", password.toString());
      try (ServerProcess check = run("check", CHECK, settings)) {
        awaitLine(check, "0 to mend (fail)");
      }
      // A day, not the year that it may be by now.
      String backfill = BACKFILL.replace("2026-01-01", LocalDate.now(UTC).minusDays(1).toString());
      try (ServerProcess writing = run("backfill", backfill, settings)) {
        awaitLine(writing, "Wrote ");
      }
      try (Stream<Path> files = Files.list(folder.resolve("history"))) {
        assertThat(files)
            .isNotEmpty()
            .allSatisfy(
                file ->
                    assertThat(file)
                        .content()
                        .contains(
                            "\ndeployments_active_projects_any_network_30d"
                                + "{instance=\"exporter:9079\",job=\"deployment-exporter\"} "));
      }
    }
  }
}
