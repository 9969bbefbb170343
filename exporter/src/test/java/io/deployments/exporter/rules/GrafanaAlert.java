package io.deployments.exporter.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A Grafana-managed alert rule of this repository, as its file has it. */
public record GrafanaAlert(String file, JsonNode group, JsonNode rule) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The rules of all files in a folder. */
  public static List<GrafanaAlert> all(Path folder) {
    return Rule.files(folder).stream().flatMap(GrafanaAlert::of).toList();
  }

  private static Stream<GrafanaAlert> of(Path file) {
    return read(file)
        .path("groups")
        .valueStream()
        .flatMap(
            group ->
                group
                    .path("rules")
                    .valueStream()
                    .map(rule -> new GrafanaAlert(file.getFileName().toString(), group, rule)));
  }

  /** A provisioning file. */
  public static JsonNode read(Path file) {
    try {
      Load load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
      return MAPPER.valueToTree(load.loadFromString(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its name, that of the alert in Prometheus. */
  public String title() {
    return text("title");
  }

  /** A field's text; empty where there is none. */
  public String text(String field) {
    return rule.path(field).asText();
  }

  String annotation(String name) {
    return rule.path("annotations").path(name).asText();
  }

  Map<?, ?> labels() {
    return MAPPER.convertValue(rule.path("labels"), Map.class);
  }

  /** What it asks, and how it reduces and compares the answers. */
  public List<JsonNode> queries() {
    return rule.path("data").valueStream().toList();
  }

  /** The model of the query that is known by this letter or name. */
  JsonNode model(String refId) {
    return queries().stream()
        .filter(query -> query.path("refId").asText().equals(refId))
        .findFirst()
        .orElseThrow()
        .path("model");
  }

  @Override
  public String toString() {
    return title() + " in " + file;
  }
}
