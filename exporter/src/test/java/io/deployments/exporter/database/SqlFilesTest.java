package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The line in the header of each SQL file, run by psql as it stands there. */
@Tag("postgres")
class SqlFilesTest {

  private static final Path FILES = Path.of("src/main/resources/sql");

  private static TestDatabase postgres;

  @BeforeAll
  static void create() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute(
        "INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success', '2026-10-31T23:30:00Z')");
  }

  @AfterAll
  static void drop() {
    postgres.close();
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FILES)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void theLineInTheHeaderRuns(Path file) throws IOException {
    InstalledProgram.orSkip("psql");
    InstalledProgram shell = InstalledProgram.orSkip("sh");
    assertThat(shell.run("-c", command(file.toAbsolutePath().getParent(), postgres, line(file))))
        .doesNotContain("ERROR");
  }

  /** Those for people to run, in the order in which one needs the other. */
  @Test
  void theLinesOfTheDatabaseFolderRun() throws IOException {
    InstalledProgram.orSkip("psql");
    InstalledProgram shell = InstalledProgram.orSkip("sh");
    List<String> files =
        List.of(
            "schema.sql",
            "exporter-role.sql",
            "demo-history.sql",
            "demo-tick.sql",
            "benchmark-rows.sql");
    Path folder = Repository.path("database");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(files);
    }
    try (TestDatabase database = TestDatabase.create()) {
      for (String file : files) {
        String line =
            line(folder.resolve(file))
                .replace("<database>", database.name())
                .replace("<a long random password>", "tiger")
                .replace("rows=10000000", "rows=1000");
        assertThat(shell.run("-c", command(folder.getParent(), database, line)))
            .as(line)
            .doesNotContain("ERROR");
      }
      assertThat(
              database.query(
                  "SELECT count(*) > 30000, bool_or(template = 'template-0'),"
                      + " has_table_privilege('deployment_exporter', 'deployments', 'SELECT')"
                      + " FROM deployments"))
          .containsExactly(List.of("t", "t", "t"));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyParameterOfTheLineIsOneOfTheFile(Path file) throws IOException {
    String text = Files.readString(file);
    String code = text.replaceAll("(?m)^--.*$", "");
    text.lines()
        .filter(line -> line.matches("-- (PGTZ=UTC )?psql .*"))
        .flatMap(line -> Stream.of(line.split(" -v ")).skip(1))
        .map(parameter -> parameter.split("=", 2)[0])
        .forEach(name -> assertThat(code).as(name).containsPattern(":[\"']?" + name + "\\b"));
  }

  private static String line(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(text -> text.matches("-- +(PGTZ=UTC )?psql .*"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no psql line in " + file))
        .replaceFirst("-- +", "");
  }

  private static String command(Path folder, TestDatabase database, String line) {
    return "cd %s && export PGHOST=127.0.0.1 PGPORT=%d PGUSER=postgres PGDATABASE=%s && %s"
        .formatted(
            folder,
            database.port(),
            database.name(),
            line.replace("psql ", "psql -X -v ON_ERROR_STOP=1 "));
  }
}
