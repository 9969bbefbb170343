package io.deployments.exporter.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.Exporter;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flags, outputs and failures of the command. */
@Tag("postgres")
class BackfillCommandTest {

  private static TestDatabase database;

  @TempDir private Path folder;

  @BeforeAll
  static void create() {
    database = TestDatabase.create().run("schema.sql");
    database.execute(
        """
        INSERT INTO deployments VALUES
          ('p', 'metis', 'erc20', 'success', '2026-01-01T00:00:00.000001Z'),
          ('q', 'metis', 'erc20', 'failed', '2026-01-02T12:00:00.25Z')
        """);
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  private BackfillRun run(String... flags) {
    return BackfillRun.of(database, List.of(), flags);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !file.equals(folder))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void everyWrongFlagHasItsLine() {
    BackfillRun run =
        BackfillRun.of(
            database,
            List.of("MAX_TEMPLATES", "0"),
            "--from=yesterday",
            "--to=2026-13-01",
            "--step=0s",
            "--label=network=x",
            "--label=9=x",
            "--label=instance=",
            "--label=job=a",
            "--label=job=b",
            "--output=/no/such/folder/history.om");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .allSatisfy(
            line -> assertThat(line).startsWith("deployment-exporter: ").contains("allowed"))
        .extracting(line -> line.split(" ")[1])
        .containsExactly(
            "--from",
            "--to",
            "--step",
            "--output",
            "--label",
            "--label",
            "--label",
            "--label",
            "MAX_TEMPLATES");
  }

  @Test
  void aUrlInThePlaceOfAnotherFlagIsMasked() {
    String url = "postgresql://u:s3cret@db/x";
    BackfillRun run =
        run("--from=" + url, "--to=" + url, "--step=" + url, "--label=" + url, "--output=" + url);
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .hasSize(5)
        .allSatisfy(
            line -> assertThat(line).contains("'postgresql://u:***@").doesNotContain("s3cr"));
  }

  @Test
  void aPipeOrDeviceIsNotReplaced() throws IOException {
    Path pipe = folder.resolve("pipe");
    InstalledProgram.orSkip("mkfifo").run(pipe.toString());
    BackfillRun run = run("--from=2026-01-01", "--to=2026-01-02", "--output=" + pipe);
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).anyMatch(line -> line.contains("--output") && line.contains("ordinary"));
    assertThat(Files.isRegularFile(pipe)).isFalse();
    Files.delete(pipe);
  }

  @Test
  void behindALinkTheFileChanges() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.om"), Path.of("target.om"));
    BackfillRun run = run("--from=2026-01-01", "--to=2026-01-02", "--output=" + link);
    assertThat(run.exit()).as("%s", run.err()).isZero();
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(folder.resolve("target.om")).isNotEmptyFile();
  }

  @Test
  void whatIsMissingIsSaid() {
    BackfillRun run = run();
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .containsExactly(
            "deployment-exporter: --from is not set; see --help",
            "deployment-exporter: --output is not set; see --help");
  }

  @Test
  void momentsHaveToBeInOrder() {
    BackfillRun run = run("--from=2026-01-02", "--to=2026-01-01", "--output=-");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .containsExactly(
            "deployment-exporter: --from is '2026-01-02T00:00:00Z'; allowed: a moment before --to,"
                + " 2026-01-01T00:00:00Z");
  }

  @Test
  void standardOutput() {
    BackfillRun run =
        run(
            "--from=2026-01-02T13:59:59+02:00",
            "--to=2026-01-02T12:05:00Z",
            "--label=instance=a\"b\\c",
            "--output=-");
    assertThat(run.exit()).as("%s", run.err()).isZero();
    History history = History.parse(run.out());
    // 2026-01-02T12:00:00Z and 12:05:00Z; the second row is a quarter of a second after the first.
    assertThat(history.samples().keySet()).containsExactly(1767355200L, 1767355500L);
    String labels = "{instance=\"a\\\"b\\\\c\",network=\"metis\",status=\"%s\",template=\"erc20\"}";
    String last = "deployments_last_created_timestamp_seconds";
    assertThat(history.samples().get(1767355200L))
        .containsEntry("deployments_30d" + labels.formatted("failed"), "0")
        .containsEntry(last + labels.formatted("success"), "1767225600.000001")
        .doesNotContainKey(last + labels.formatted("failed"));
    assertThat(history.samples().get(1767355500L))
        .containsEntry("deployments_30d" + labels.formatted("failed"), "1")
        .containsEntry(last + labels.formatted("failed"), "1767355200.250000")
        .containsEntry(
            "deployments_success_ratio_30d{instance=\"a\\\"b\\\\c\",network=\"metis\"}", "0.5");
    assertThat(history.headers()).contains("# TYPE deployments_30d gauge");
  }

  @Test
  void oneFileAndTheSameCompressed() throws IOException {
    Path plain = folder.resolve("history.om");
    Files.writeString(plain, "from an earlier run");
    assertThat(run("--from=2026-01-01", "--to=2026-02-15", "--output=" + plain).exit()).isZero();
    BackfillRun compressed =
        run("--from=2026-01-01", "--to=2026-02-15", "--output=" + plain + ".gz");
    assertThat(compressed.exit()).isZero();
    assertThat(String.join("\n", compressed.err())).contains("curl", "gzip", "promtool takes no");
    assertThat(files()).containsExactly("history.om", "history.om.gz");
    byte[] written = Files.readAllBytes(plain);
    assertThat(History.parse(written).samples()).hasSize(45 * 288 + 1);
    try (GZIPInputStream unpacked =
        new GZIPInputStream(
            new ByteArrayInputStream(Files.readAllBytes(folder.resolve("history.om.gz"))))) {
      assertThat(unpacked.readAllBytes()).isEqualTo(written);
    }
  }

  @Test
  void folderHasAFileForTenDays() throws IOException {
    BackfillRun run =
        run("--from=2026-01-01", "--to=2026-01-25", "--step=1h", "--output=" + folder + "/new/");
    assertThat(run.exit()).isZero();
    assertThat(run.err()).anySatisfy(line -> assertThat(line).contains("a step of 1h leaves gaps"));
    assertThat(files())
        .containsExactly(
            "new",
            "new/history-2026-01-01T000000Z.om",
            "new/history-2026-01-11T000000Z.om",
            "new/history-2026-01-21T000000Z.om");
    BackfillRun whole = run("--from=2026-01-01", "--to=2026-01-25", "--step=1h", "--output=-");
    Map<Long, Map<String, String>> parts = History.parse(whole.out()).samples();
    for (String file : files().subList(1, 4)) {
      Map<Long, Map<String, String>> part =
          History.parse(Files.readAllBytes(folder.resolve(file))).samples();
      assertThat(parts).containsAllEntriesOf(part);
      parts.keySet().removeAll(part.keySet());
    }
    assertThat(parts).isEmpty();

    BackfillRun again =
        run("--from=2026-01-01", "--to=2026-01-25", "--step=1h", "--output=" + folder + "/new");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).last().asString().contains("already holds history-2026");
  }

  @Test
  void dryRunWritesNothingAndIsExact() throws IOException {
    BackfillRun dry =
        run("--from=2026-01-01", "--to=2026-01-11", "--dry-run", "--output=" + folder + "/x.om");
    assertThat(dry.exit()).isZero();
    assertThat(files()).isEmpty();
    BackfillRun real = run("--from=2026-01-01", "--to=2026-01-11", "--output=-");
    String samples =
        String.format(
            Locale.ROOT,
            "%,d samples",
            new String(real.out(), StandardCharsets.UTF_8)
                .lines()
                .filter(l -> !l.startsWith("#"))
                .count());
    String size = String.format(Locale.ROOT, "%.1f MB", real.out().length / 1e6);
    assertThat(dry.err())
        .anySatisfy(line -> assertThat(line).startsWith("Would write " + samples))
        .anySatisfy(line -> assertThat(line).contains(size, "of temporary files"))
        .anySatisfy(line -> assertThat(line).startsWith("Time: about"));
  }

  /** As in a container whose file system is read-only. */
  @ParameterizedTest
  @ValueSource(strings = {"--dry-run", "--output=-"})
  void itNeedsNoTemporaryFolder(String flag) throws InterruptedException {
    Map<String, String> environment =
        Map.of("DATABASE_URL", database.url(), "DATABASE_USER", "postgres");
    try (ExporterProcess process =
        ExporterProcess.start(
            folder,
            List.of("-Djava.io.tmpdir=/no/such/folder"),
            environment,
            "backfill",
            "--from=2026-01-01",
            "--to=2026-01-11",
            flag)) {
      assertThat(process.awaitExit(Duration.ofMinutes(2))).as(process.log()).isZero();
      assertThat(process.log()).containsAnyOf("Would write ", "\n# EOF\n");
    }
  }

  @Test
  void theFutureDoesNotAppear() {
    BackfillRun run = run("--from=2026-01-01", "--to=2199-01-01", "--step=1d", "--output=-");
    assertThat(run.exit()).isZero();
    assertThat(run.err()).anySatisfy(line -> assertThat(line).contains("the history ends now"));
    assertThat(History.parse(run.out()).samples().keySet())
        .allSatisfy(second -> assertThat(second).isLessThan(System.currentTimeMillis() / 1000));
  }

  @Test
  void brokenPipeAndFullDiskAreOneLine() {
    for (String why : List.of("Broken pipe", "No space left on device")) {
      OutputStream broken =
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              throw new IOException(why);
            }
          };
      BackfillRun run =
          BackfillRun.of(
              database, List.of(), broken, "--from=2026-01-01", "--to=2026-02-01", "--output=-");
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err())
          .last()
          .asString()
          .startsWith("deployment-exporter: Failed writing standard output: " + why);
    }
  }

  @Test
  void databaseThatIsNotThereIsOneLine() throws IOException {
    BackfillRun run =
        BackfillRun.of(
            database,
            List.of("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none", "REFRESH_TIMEOUT", "1s"),
            "--from=2026-01-01",
            "--output=" + folder.resolve("history.om"));
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .last()
        .asString()
        .startsWith("deployment-exporter: Failed connecting (08001)")
        .doesNotContain("trying again");
    assertThat(files()).isEmpty();
  }

  @Test
  void databaseLostOnTheWayLeavesNothing() throws IOException {
    try (TestDatabase lost = TestDatabase.create().run("schema.sql")) {
      lost.execute(
          """
          INSERT INTO deployments
          SELECT 'p', 'metis', 'erc20', 'success', timestamptz '2026-01-01Z' + i * interval '1 minute'
          FROM generate_series(1, 50000) AS i
          """);
      // Ends the session that reads it, at a row in the middle of the history.
      lost.execute(
          """
          CREATE FUNCTION shutdown() RETURNS text LANGUAGE sql VOLATILE AS
            $$ SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS text) $$;
          CREATE VIEW failing AS
            SELECT project_id, network, template, created_at,
                   CASE WHEN created_at = timestamptz '2026-01-20Z' THEN shutdown() ELSE status END
                     AS status
            FROM deployments;
          """);
      for (String output : List.of("history.om", "history/")) {
        BackfillRun run =
            BackfillRun.of(
                lost,
                List.of("DEPLOYMENTS_TABLE", "failing"),
                "--from=2026-01-01",
                "--to=2026-02-01",
                "--output=" + folder + "/" + output);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
            .last()
            .asString()
            .startsWith("deployment-exporter: Failed reading history (57P01)");
        assertThat(files()).isEmpty();
      }
    }
  }

  @Test
  void throughLinksToLinksTheFileChanges() throws IOException {
    Path target = Files.writeString(folder.resolve("target.om"), "from an earlier run");
    Path one = Files.createSymbolicLink(folder.resolve("one"), target);
    Path two = Files.createSymbolicLink(folder.resolve("two.om"), one);
    BackfillRun run = run("--from=2026-01-01", "--to=2026-01-02", "--output=" + two);
    assertThat(run.exit()).as("%s", run.err()).isZero();
    assertThat(files()).containsExactly("one", "target.om", "two.om");
    assertThat(one).isSymbolicLink();
    assertThat(Files.readString(target)).endsWith("# EOF\n");
  }

  @Test
  void aSignalLeavesNothing() throws Exception {
    try (TestDatabase slow = TestDatabase.create().run("schema.sql")) {
      slow.execute(
          """
          INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success', '2026-01-01Z');
          CREATE VIEW slow AS SELECT deployments.* FROM deployments, pg_sleep(600);
          """);
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Exporter.class.getName(),
              "backfill",
              "--from=2026-01-01",
              "--output=" + folder + "/new/");
      builder.environment().put("DATABASE_URL", slow.url());
      builder.environment().put("DATABASE_USER", "postgres");
      builder.environment().put("DEPLOYMENTS_TABLE", "slow");
      Process process = builder.redirectErrorStream(true).start();
      try {
        Await.until(
            () -> "the rows are asked for",
            Duration.ofSeconds(60),
            () ->
                !slow.query(
                        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND pid <> pg_backend_pid() AND query LIKE '%created_at_micros%'")
                    .isEmpty());
        assertThat(files()).containsExactly("new");
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(files()).isEmpty();
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
