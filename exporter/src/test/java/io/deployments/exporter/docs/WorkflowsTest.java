package io.deployments.exporter.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.rules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What runs with this repository's token runs what was looked at, and may do no more than it has
 * to.
 */
class WorkflowsTest {

  static List<Path> workflows() {
    return Rule.files(Repository.path(".github/workflows"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void actionsArePinnedToACommitAndPermissionsAreSaid(Path workflow) throws IOException {
    List<String> lines = Files.readAllLines(workflow);
    Stream<String> actions =
        lines.stream()
            .filter(line -> line.contains("uses: "))
            .filter(line -> !line.contains("uses: ./"));
    assertThat(actions)
        .isNotEmpty()
        .allMatch(
            line -> line.matches(".*uses: [\\w./-]+@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+"));
    assertThat(lines).anyMatch(line -> line.matches("permissions:( \\{})?"));
    assertThat(lines).noneMatch(line -> line.contains("write-all"));
  }
}
