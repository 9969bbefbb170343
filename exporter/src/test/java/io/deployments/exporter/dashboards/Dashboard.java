package io.deployments.exporter.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A dashboard of this repository, as its file has it. */
public record Dashboard(Path file, JsonNode json) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** All dashboards, in the order of their names. */
  public static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(Path.of("..", "grafana", "dashboards"))) {
      return files.sorted().map(Dashboard::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of a file. */
  public static Dashboard read(Path file) {
    try {
      return new Dashboard(file, MAPPER.readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /** What links to it name it by. */
  public String uid() {
    return json.path("uid").asText();
  }

  /** Everything on the grid, headings of rows included. */
  List<Panel> panels() {
    return json.path("panels").valueStream().map(panel -> new Panel(uid(), panel)).toList();
  }

  /** A variable of the dashboard; missing where there is none of this name. */
  JsonNode variable(String name) {
    return json.path("templating")
        .path("list")
        .valueStream()
        .filter(variable -> variable.path("name").asText().equals(name))
        .findFirst()
        .orElseGet(MAPPER::missingNode);
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
