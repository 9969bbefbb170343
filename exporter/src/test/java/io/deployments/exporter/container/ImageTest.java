package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image, built and run: what {@code docs/operations.md} says of it. Pages are asked for in the
 * containers themselves, so that it does not matter where the engine is.
 */
class ImageTest {

  private static final String NAME = "deployment-exporter-tested-" + ProcessHandle.current().pid();
  private static final String DATABASE = NAME + "-database";
  private static final String EXPORTER = NAME + "-exporter";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;

  private static boolean engine;

  /**
   * A command of Docker's that has ended.
   *
   * @param out what it wrote to standard output
   * @param err and to standard error
   */
  private record Ran(int exit, String out, String err) {
    String succeeded() {
      assertThat(exit).as("%s%s", out, err).isZero();
      return out;
    }
  }

  private static Ran docker(String... arguments) {
    return dockerOn("", arguments);
  }

  private static Ran dockerOn(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(folder, "docker", ".out");
      Path err = Files.createTempFile(folder, "docker", ".err");
      Process process =
          new ProcessBuilder(command)
              .directory(ComposeFile.ROOT.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      return new Ran(process.waitFor(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  static void buildAndStartDatabase() throws IOException {
    Stack.orSkip();
    engine = true;
    docker(
            "build",
            "--file=exporter/Dockerfile",
            "--build-arg=REVISION=tested",
            "--tag=" + NAME,
            ".")
        .succeeded();
    docker("network", "create", NAME).succeeded();
    docker(
            "run",
            "--detach",
            "--name=" + DATABASE,
            "--network=" + NAME,
            "--env=POSTGRES_PASSWORD=p",
            ComposeFile.read().service("postgres").text("image"))
        .succeeded();
    // Over TCP: while the first start makes the database, only the socket answers.
    Await.until(
        () -> docker("logs", DATABASE).toString(),
        PATIENCE,
        () -> docker("exec", DATABASE, "pg_isready", "-q", "-h", "127.0.0.1").exit() == 0);
    for (String file : List.of("schema.sql", "demo-history.sql")) {
      dockerOn(
              Files.readString(ComposeFile.ROOT.resolve("database").resolve(file)),
              "exec",
              "--interactive",
              DATABASE,
              "psql",
              "--quiet",
              "--no-psqlrc",
              "--set=ON_ERROR_STOP=1",
              "--username=postgres")
          .succeeded();
    }
  }

  @AfterEach
  void removeExporter() {
    docker("rm", "--force", "--volumes", EXPORTER);
  }

  @AfterAll
  static void removeAll() {
    if (engine) {
      docker("rm", "--force", "--volumes", DATABASE);
      docker("network", "rm", NAME);
      docker("rmi", NAME);
    }
  }

  private static String from() {
    return "--from=" + LocalDate.now(ZoneOffset.UTC).minusDays(120);
  }

  /** {@code docker run} as the Compose file runs it, with more options and arguments. */
  private static Ran run(List<String> options, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "run",
                "--name=" + EXPORTER,
                "--network=" + NAME,
                "--read-only",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges:true",
                "--env=DATABASE_URL=postgresql://" + DATABASE + "/postgres",
                "--env=DATABASE_USER=postgres",
                "--env=DATABASE_PASSWORD=p"));
    all.addAll(options);
    all.add(NAME);
    all.addAll(List.of(arguments));
    return docker(all.toArray(String[]::new));
  }

  private static void start(String... options) {
    run(Stream.concat(Stream.of("--detach"), Stream.of(options)).toList()).succeeded();
  }

  private static String get(String path) {
    return docker("exec", EXPORTER, "wget", "-q", "-O", "-", "http://127.0.0.1:9079" + path).out();
  }

  private static String log() {
    Ran logs = docker("logs", EXPORTER);
    return logs.out() + logs.err();
  }

  private static String state(String field) {
    return docker("inspect", "--format={{.State." + field + "}}", EXPORTER).succeeded().strip();
  }

  private static void awaitFigures() {
    Await.until(
        ImageTest::log,
        PATIENCE,
        () -> {
          assertThat(state("Running")).as(ImageTest::log).isEqualTo("true");
          return get("/metrics").contains("\ndeployments_30d{");
        });
  }

  @Test
  void itIsNobodyAndWritesNowhereButToAHistory() {
    start();
    awaitFigures();
    assertThat(docker("exec", EXPORTER, "id", "-u").succeeded().strip()).isEqualTo("65534");
    for (String place : List.of("/", "/app/", "/opt/java/", "/tmp/", "/history/")) {
      Ran touch = docker("exec", EXPORTER, "touch", place + "new");
      assertThat(touch.exit()).as(place).isNotZero();
      assertThat(touch.err()).contains("Read-only file system");
    }
    // As itself, it writes to none of these even where root could.
    docker("rm", "--force", EXPORTER).succeeded();
    start("--read-only=false");
    awaitFigures();
    for (String place : List.of("/", "/app/", "/opt/java/")) {
      assertThat(docker("exec", EXPORTER, "touch", place + "new").err())
          .contains("Permission denied");
    }
    docker("exec", EXPORTER, "touch", "/history/new").succeeded();
  }

  @Test
  void versionAndRevisionAreInTheLabelsAndOnThePage() {
    String version = System.getProperty("exporter.version");
    assertThat(docker("inspect", "--format={{json .Config.Labels}}", NAME).succeeded())
        .contains("\"org.opencontainers.image.version\":\"" + version + "\"")
        .contains("\"org.opencontainers.image.revision\":\"tested\"");
    start();
    awaitFigures();
    assertThat(get("/metrics"))
        .containsPattern(
            "\ndeployments_exporter_build_info\\{.*revision=\"tested\",version=\"" + version);
  }

  @Test
  void itsHealthCheckTellsWhetherItAnswers() {
    start("--health-interval=1s");
    Await.until(ImageTest::log, PATIENCE, () -> state("Health.Status").equals("healthy"));
    docker("rm", "--force", EXPORTER).succeeded();
    // Where the image's check does not ask.
    start(
        "--health-interval=1s",
        "--health-start-period=1s",
        "--health-retries=2",
        "--env=LISTEN_ADDRESS=:9999");
    Await.until(ImageTest::log, PATIENCE, () -> state("Health.Status").equals("unhealthy"));
  }

  @Test
  void sigtermEndsItInTime() {
    start();
    awaitFigures();
    docker("stop", "--time=5", EXPORTER).succeeded();
    // 128 + SIGTERM; had it taken longer, it would be 128 + SIGKILL.
    assertThat(state("ExitCode")).as(log()).isEqualTo("143");
  }

  @Test
  void itsClassesComeFromTheCache() {
    start("--env=JDK_JAVA_OPTIONS=-Xlog:aot -Xlog:class+load");
    awaitFigures();
    assertThat(log())
        .contains("Using AOT-linked classes: true")
        .containsPattern("io\\.deployments\\.exporter\\.Exporter source: shared objects file")
        .containsPattern("io\\.javalin\\.Javalin source: shared objects file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"96m", "128m", "256m"})
  void itsMemoryLimitIsEnough(String limit) {
    start("--memory=" + limit, "--memory-swap=" + limit);
    awaitFigures();
    // Questions that no snapshot answers, and pages.
    String load =
        """
        for days in $(seq 90); do
          wget -q -O - "http://127.0.0.1:9079/api/v1/template-adoption?network=metis&days=$days" &&
            wget -q -O /dev/null http://127.0.0.1:9079/metrics || exit 1
        done
        """;
    assertThat(docker("exec", EXPORTER, "sh", "-c", load).succeeded()).contains("erc20-token");
    assertThat(state("Running")).as(log()).isEqualTo("true");
    assertThat(state("OOMKilled")).isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Auckland", "UTC"})
  void itsLogIsInTheTimeZoneOfTz(String zone) {
    start("--env=TZ=" + zone);
    awaitFigures();
    String offset = zone.equals("UTC") ? "(Z|\\+00:?00)" : "\\+1[23]:?00";
    assertThat(log().lines()).isNotEmpty().allSatisfy(l -> assertThat(l).containsPattern(offset));
  }

  @Test
  void itPrintsItsHelp() {
    assertThat(run(List.of(), "--help").succeeded())
        .contains("backfill", "check", "--database-url=");
  }

  @Test
  void itChecksTheTable() {
    assertThat(run(List.of(), "check").succeeded()).contains("0 to mend (fail)");
  }

  @Test
  void withoutAPlaceToWriteItSaysHowLargeAHistoryIs() {
    Ran dryRun = run(List.of("--memory=256m"), "backfill", from(), "--dry-run");
    dryRun.succeeded();
    // The note has a character that is not ASCII, and means it.
    assertThat(dryRun.err()).contains("--label job=…", "Would write ", "of temporary files");
  }

  @Test
  void withoutAPlaceToWriteItWritesAHistoryToStandardOutput() {
    Ran history = run(List.of("--memory=256m"), "backfill", from(), "--step=1h", "--output=-");
    assertThat(history.succeeded()).contains("\ndeployments_30d{").endsWith("# EOF\n");
  }

  @Test
  void itWritesAHistoryToAVolume() {
    run(
            List.of("--memory=256m", "--volume=/history"),
            "backfill",
            from(),
            "--output=/history/new.om.gz")
        .succeeded();
    Path copy = folder.resolve("new.om.gz");
    docker("cp", EXPORTER + ":/history/new.om.gz", copy.toString()).succeeded();
    assertThat(copy).isNotEmptyFile();
  }
}
