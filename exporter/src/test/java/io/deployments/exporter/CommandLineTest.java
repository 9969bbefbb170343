package io.deployments.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a process of its own. */
class CommandLineTest {

  private record Ended(int status, List<String> lines) {}

  @TempDir private Path folder;

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Exporter.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("output").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DATABASE_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("output"), StandardCharsets.UTF_8);
  }

  private Ended run(Map<String, String> environment, String... arguments) throws Exception {
    Process process = start(environment, arguments);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("Still running: " + lines());
    }
    return new Ended(process.exitValue(), lines());
  }

  @Test
  void threeWrongSettingsGiveThreeLinesAndStatus2() throws Exception {
    Ended ended =
        run(
            Map.of("DATABASE_URL", "oracle://u:tiger@db/x", "MAX_TEMPLATES", "many"),
            "serve",
            "--refresh-interval",
            "soon");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.lines())
        .hasSize(3)
        .allMatch(line -> line.contains("; allowed: "))
        .noneMatch(line -> line.contains("tiger"));
  }

  @Test
  void anUnknownFlagGivesOneLineAndStatus2() throws Exception {
    Ended ended = run(Map.of(), "--refresh-intervall", "5s");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.lines()).singleElement().asString().contains("--refresh-intervall", "--help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--database-password=s3cret | --database-password; similar: --database-url,",
        "serve --database-password s3cret | --database-password; similar: --database-url,",
        "check --database-ulr postgresql://u:s3cret@h | --database-ulr; similar: --database-url,",
        "backfill --database-ulr=postgresql://u:s3cret@h | --database-ulr; similar: --database-url,",
        "serve --databse-password -s3cret | --databse-password",
        "serve --database-password:s3cret | no option --database-password;",
        "check -ps3cret | no option -p",
        "serve -- --token=s3cret | no option --token",
        "postgresql://u:s3cret@h | Argument 1 is neither a command",
        "backfill --dry-run jdbc:postgresql://h/x?password=s3cret | Argument 3 is neither",
        "check --database-user --database-url=postgresql://u:s3cret@h | --database-user needs a value",
        "backfill --dry-run=s3cret | --dry-run takes no value",
        "serve --networks s3cret --networks a | --networks is given more than once",
        "chek | similar: check",
      })
  void aCommandLineThatCannotBeParsedRepeatsNamesOfOptionsAlone(String arguments, String said)
      throws Exception {
    Ended ended = run(Map.of(), arguments.split(" "));
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.lines())
        .singleElement()
        .asString()
        .contains(said)
        .endsWith(". Try --help.")
        .doesNotContain("s3cret");
  }

  @Test
  void helpFitsAScreen() throws Exception {
    for (String[] arguments :
        List.of(
            new String[] {"--help"},
            new String[] {"serve", "--help"},
            new String[] {"check", "--help"},
            new String[] {"backfill", "--help"})) {
      Ended ended = run(Map.of(), arguments);
      assertThat(ended.status()).isZero();
      assertThat(ended.lines())
          .hasSizeLessThanOrEqualTo(24)
          .anyMatch(l -> l.contains("--networks"));
      assertThat(ended.lines()).allMatch(line -> line.length() <= 80);
    }
  }

  @Test
  void aPortInUseGivesOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ended ended =
          run(
              Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/x", "LOG_LEVEL", "error"),
              "--listen-address",
              "127.0.0.1:" + taken.getLocalPort());
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.lines()).singleElement().asString().contains("LISTEN_ADDRESS");
    }
  }

  @Test
  void checkEndsWith0Or1Or2() throws Exception {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      Map<String, String> environment =
          Map.of(
              "DATABASE_URL",
              postgres.url(),
              "DATABASE_USER",
              "postgres",
              "DATABASE_PASSWORD",
              "tiger");
      Ended right = run(environment, "check");
      assertThat(right.status()).as(right.lines().toString()).isZero();
      assertThat(right.lines())
          .anyMatch(line -> line.startsWith("ok    columns "))
          .anyMatch(line -> line.startsWith("0 to mend (fail)"));

      Ended wrong = run(environment, "check", "--deployments-table", "nowhere.deployments");
      assertThat(wrong.status()).isEqualTo(1);
      assertThat(wrong.lines())
          .anyMatch(line -> line.startsWith("fail  table "))
          .anyMatch(line -> line.endsWith(" run check again."));

      Ended bad = run(environment, "check", "--refresh-timeout", "soon");
      assertThat(bad.status()).isEqualTo(2);
      assertThat(bad.lines()).singleElement().asString().contains("REFRESH_TIMEOUT");

      for (Ended ended : List.of(right, wrong, bad)) {
        assertThat(ended.lines()).noneMatch(line -> line.contains("tiger"));
      }
    }
  }
}
