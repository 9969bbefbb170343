package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.snapshot.Window;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.Golden;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/metrics.md} against the page: every family, its type and its labels, and for the
 * project's own families the words of their HELP.
 */
class MetricsReferenceTest {

  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([a-zA-Z0-9_]+)` \\| (gauge|counter|histogram|summary) \\| ([a-z_, –]+) \\|(.*)\\|$",
          Pattern.MULTILINE);

  /** Not labels of the family, but of its parts. */
  private static final Set<String> OF_PARTS = Set.of("le", "quantile");

  private static final Path DOCUMENT = Path.of("..", "docs", "metrics.md");

  private record Family(String type, Set<String> labels) {}

  private static Map<String, Family> documented() throws IOException {
    Map<String, Family> families = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(DOCUMENT));
    while (row.find()) {
      Set<String> labels =
          row.group(3).equals("–") ? Set.of() : new TreeSet<>(List.of(row.group(3).split(", ")));
      Family family = new Family(row.group(2), labels);
      if (row.group(1).endsWith("_W")) {
        for (Window window : Window.ALWAYS) {
          families.put(row.group(1).replaceFirst("W$", window.name()), family);
        }
      } else {
        families.put(row.group(1), family);
      }
    }
    return families;
  }

  private static Map<String, Family> served(Exposition page) {
    Map<String, Family> families = new TreeMap<>();
    page.types()
        .forEach(
            (name, type) -> {
              Set<String> labels = new TreeSet<>();
              page.samples()
                  .keySet()
                  .forEach(
                      series -> {
                        if (series.name().replaceFirst("_(bucket|count|sum)$", "").equals(name)
                            || series.name().equals(name)) {
                          labels.addAll(series.labels().keySet());
                        }
                      });
              labels.removeAll(OF_PARTS);
              families.put(name, new Family(type, labels));
            });
    return families;
  }

  @Test
  void everyFamilyIsDescribedAsItIs() throws IOException {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
      try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
        // A request is counted when it is over, which may be after its client has the answer.
        Await.until(
            () -> "a request counted",
            Duration.ofSeconds(20),
            () -> exporter.metrics().types().containsKey("jetty_server_requests_seconds"));
        Map<String, Family> served = served(exporter.metrics());
        Map<String, Family> documented = documented();
        assertThat(documented).containsAllEntriesOf(served);
        Set<String> missing = new HashSet<>(documented.keySet());
        missing.removeAll(served.keySet());
        // Depend on the collector, and on whether it has run.
        assertThat(missing).allMatch(name -> name.startsWith("jvm_gc_"));
      }
    }
  }

  /** {@code mvn test -Dtest=MetricsReferenceTest -Dgolden.update} writes them anew. */
  @Test
  void meaningsAreThoseOfHelp() throws IOException {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
      try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
        Map<String, String> help = exporter.metrics().help();
        Golden.assertSame(
            DOCUMENT,
            ROW.matcher(Files.readString(DOCUMENT))
                .replaceAll(
                    row ->
                        Matcher.quoteReplacement(
                            row.group(1).startsWith("deployments_")
                                ? row.group().replace(row.group(4), " " + meaning(row, help) + " ")
                                : row.group())));
      }
    }
  }

  /** HELP in the words of the document, which names the windows {@code W}. */
  private static String meaning(MatchResult row, Map<String, String> help) {
    return help.get(row.group(1).replaceFirst("_W$", "_1h"))
        .replaceFirst(" As of the last successful refresh\\.$", "")
        .replace("the last 1h", "the last W")
        .replace("the last 30d", "the largest window");
  }
}
