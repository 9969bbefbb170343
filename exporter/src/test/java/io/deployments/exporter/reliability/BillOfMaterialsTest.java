package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The list of what the jar is made of, and whether somebody has looked its advisories up. */
class BillOfMaterialsTest {

  private static final Path BILL = Path.of("target", "bom.json");
  private static final Pattern LOOKED_UP = Pattern.compile("\\| `([\\w.:-]+)` \\| ([\\w.]+) \\|.*");

  private static JsonNode bill;
  private static Map<String, String> versions;

  @BeforeAll
  static void read() throws IOException {
    if (!Files.exists(BILL)) {
      System.out.println("Skipped: needs target/bom.json, which Maven does not make offline");
    }
    assumeTrue(Files.exists(BILL), "needs target/bom.json, which Maven does not make offline");
    bill = new ObjectMapper().readTree(Files.readString(BILL));
    versions = new TreeMap<>();
    for (JsonNode component : bill.get("components")) {
      versions.put(
          component.get("group").asText() + ":" + component.get("name").asText(),
          component.get("version").asText());
    }
  }

  @Test
  void itNamesWhatTheJarHasAndNothingElse() {
    List<String> libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).getFileName().toString())
            .toList();
    assertThat(versions.entrySet())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            library ->
                assertThat(libraries)
                    .contains(
                        library.getKey().replaceFirst(".*:", "")
                            + "-"
                            + library.getValue()
                            + ".jar"));
    assertThat(versions.keySet()).noneMatch(name -> name.matches(".*(junit|zonky|assertj).*"));
  }

  @Test
  void itIsTheSameForTheSameSources() {
    assertThat(bill.has("serialNumber")).isFalse();
    assertThat(bill.get("metadata").has("timestamp")).isFalse();
  }

  @Test
  void everyVersionHasBeenLookedUp() throws IOException {
    Map<String, String> lookedUp =
        Files.readAllLines(Path.of("..", "docs", "reliability.md")).stream()
            .map(LOOKED_UP::matcher)
            .filter(matcher -> matcher.matches())
            .collect(Collectors.toMap(matcher -> matcher.group(1), matcher -> matcher.group(2)));
    // By group: libraries that are released together are looked up together.
    versions.forEach(
        (name, version) ->
            assertThat(lookedUp)
                .as("a new version of " + name + " needs another look at its advisories")
                .satisfiesAnyOf(
                    known -> assertThat(known).containsEntry(name, version),
                    known -> assertThat(known).containsEntry(group(name), version)));
  }

  private static String group(String name) {
    String group = name.replaceFirst(":.*", "");
    return group.startsWith("org.eclipse.jetty") ? "org.eclipse.jetty" : group;
  }
}
