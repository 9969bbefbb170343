package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractStringAssert;

/**
 * What {@code check} said.
 *
 * @param right whether it found nothing that makes figures wrong or missing
 * @param lines all that it printed
 */
record Checked(boolean right, List<String> lines) {

  private static final Pattern FINDING =
      Pattern.compile("(ok|warn|fail) +(\\S.{12}|\\S.*?  ) *(\\S.*)");

  static Checked of(Settings settings) {
    List<String> lines = new ArrayList<>();
    try (Database database =
        new Database(
            settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry())) {
      boolean right = new Check(settings, database, InstantSource.system(), lines::add).run();
      return new Checked(right, List.copyOf(lines));
    }
  }

  /**
   * What {@code check} says to the exporter's role.
   *
   * @param more settings that come on top, names and values alternating
   */
  static Checked asExporter(TestDatabase postgres, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("DATABASE_USER", "deployment_exporter", "DATABASE_PASSWORD", "tiger"));
    all.addAll(List.of(more));
    return of(postgres.settings(all.toArray(String[]::new)));
  }

  /** The findings on a subject, each with its word and without its statements. */
  List<String> on(String subject) {
    List<String> result = new ArrayList<>();
    for (String line : lines) {
      Matcher finding = FINDING.matcher(line);
      if (finding.matches() && finding.group(2).strip().equals(subject)) {
        result.add(finding.group(1) + " " + finding.group(3));
      }
    }
    return result;
  }

  /** The only finding on a subject, to be looked at. */
  AbstractStringAssert<?> assertOn(String subject) {
    assertThat(on(subject)).as(toString()).hasSize(1);
    return assertThat(on(subject).get(0)).as(toString());
  }

  /** All statements below all findings on a subject, as they would be pasted. */
  String fixes(String subject) {
    StringBuilder result = new StringBuilder();
    boolean within = false;
    for (String line : lines) {
      Matcher finding = FINDING.matcher(line);
      if (finding.matches()) {
        within = finding.group(2).strip().equals(subject);
      } else if (within && line.startsWith("        ")) {
        result.append(line.strip()).append('\n');
      }
    }
    return result.toString();
  }

  /** Runs the statements below the findings on a subject, one by one, as psql would. */
  void paste(TestDatabase postgres, String subject) {
    assertThat(fixes(subject)).as(toString()).isNotEmpty();
    for (String statement : fixes(subject).split("\n")) {
      if (!statement.startsWith("--")) {
        postgres.execute(statement);
      }
    }
  }

  @Override
  public String toString() {
    return lines.stream().collect(Collectors.joining("\n", "\n", "\n"));
  }
}
