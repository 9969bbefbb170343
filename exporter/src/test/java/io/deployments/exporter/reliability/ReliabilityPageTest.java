package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of promises: none without a figure, and none without a test that is there. */
class ReliabilityPageTest {

  private static final Path SOURCES = Path.of("src", "test", "java");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

  /** The rows of the tables of faults and of security, by cell. */
  static List<List<String>> promises() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    boolean isTable = false;
    for (String line : Files.readAllLines(Path.of("..", "docs", "reliability.md"))) {
      if (line.startsWith("| ") && line.endsWith("| test |")) {
        isTable = true;
      } else if (!line.startsWith("|")) {
        isTable = false;
      } else if (isTable && !line.startsWith("|---")) {
        rows.add(List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("promises")
  void aPromiseHasAFigureAndATest(List<String> row) throws IOException {
    assertThat(row).hasSize(4).noneMatch(String::isBlank);
    assertThat(row.get(2)).as("a figure").containsPattern("[0-9]");
    Matcher tests = TEST.matcher(row.get(3));
    int found = 0;
    while (tests.find()) {
      found++;
      String source = source(tests.group(1));
      if (tests.group(2) != null) {
        assertThat(source).contains(" void " + tests.group(2) + "(");
      }
    }
    assertThat(found).as("tests named").isPositive();
  }

  private static String source(String test) throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().equals(test + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("There is no " + test));
      return Files.readString(file);
    }
  }

  @Test
  void everyTestOfThisKindIsOnThePage() throws IOException {
    String named = promises().toString();
    try (Stream<Path> files = Files.list(SOURCES.resolve("io/deployments/exporter/reliability"))) {
      assertThat(
              files
                  .map(path -> path.getFileName().toString().replace(".java", ""))
                  .filter(name -> name.endsWith("Test") && !name.equals("ReliabilityPageTest")))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(named).contains("`" + name));
    }
  }
}
