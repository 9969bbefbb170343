package io.deployments.exporter.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.rules.Rule;
import io.deployments.exporter.settings.SettingNames;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's tables have all settings, families, alerts and routes there are, and no others. */
class ReadmeTablesTest {

  private static final Pattern ROW = Pattern.compile("^\\| (.*?) \\|", Pattern.MULTILINE);

  /** What stands in backticks in the first column of the tables of a section. */
  private static List<String> names(String file, String section) throws IOException {
    String text = Files.readString(Repository.path(file));
    String from = text.substring(text.indexOf("\n## " + section + "\n") + 1);
    int end = from.indexOf("\n## ");
    return ROW.matcher(from.substring(0, end))
        .results()
        .flatMap(row -> Pattern.compile("`([^`]+)`").matcher(row.group(1)).results())
        .map((MatchResult name) -> name.group(1))
        .filter(name -> !name.startsWith("--"))
        .toList();
  }

  @Test
  void settings() throws IOException {
    assertThat(names("README.md", "Run it on your database"))
        .containsExactlyInAnyOrderElementsOf(SettingNames.all());
  }

  /** Those of the reference, which another test compares with the page. */
  @Test
  void families() throws IOException {
    assertThat(names("README.md", "What it publishes"))
        .containsExactlyInAnyOrderElementsOf(names("docs/metrics.md", "Deployments"));
  }

  @Test
  void alerts() throws IOException {
    assertThat(names("README.md", "Alerts"))
        .containsExactlyInAnyOrderElementsOf(
            Rule.all(Repository.path("prometheus/rules")).stream()
                .filter(Rule::isAlert)
                .map(Rule::name)
                .toList());
  }

  @Test
  void routes() throws IOException {
    Pattern route = Pattern.compile("/api/v1/[a-z-]+");
    String description = TestDatabase.read("/openapi.json");
    assertThat(route.matcher(description).results().map(MatchResult::group).toList())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            route
                .matcher(Files.readString(Repository.path("README.md")))
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList());
  }
}
