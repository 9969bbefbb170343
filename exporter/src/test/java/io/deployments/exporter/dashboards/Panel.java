package io.deployments.exporter.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/** A panel of a dashboard. */
record Panel(String dashboard, JsonNode json) {

  int id() {
    return json.path("id").asInt();
  }

  String type() {
    return json.path("type").asText();
  }

  String title() {
    return json.path("title").asText();
  }

  boolean isRow() {
    return type().equals("row");
  }

  List<JsonNode> targets() {
    return json.path("targets").valueStream().toList();
  }

  List<String> expressions() {
    return targets().stream().map(target -> target.path("expr").asText()).toList();
  }

  JsonNode defaults() {
    return json.path("fieldConfig").path("defaults");
  }

  List<JsonNode> overrides() {
    return json.path("fieldConfig").path("overrides").valueStream().toList();
  }

  /** Every value that a property has, by default or for some field. */
  Stream<JsonNode> property(String name) {
    return Stream.concat(
            Stream.of(defaults().path(name)),
            overrides().stream()
                .flatMap(override -> override.path("properties").valueStream())
                .filter(property -> property.path("id").asText().equals(name))
                .map(property -> property.path("value")))
        .filter(value -> !value.isMissingNode());
  }

  int x() {
    return position("x");
  }

  int y() {
    return position("y");
  }

  int width() {
    return position("w");
  }

  int height() {
    return position("h");
  }

  private int position(String side) {
    return json.path("gridPos").path(side).asInt(-1);
  }

  boolean overlaps(Panel other) {
    return x() < other.x() + other.width()
        && other.x() < x() + width()
        && y() < other.y() + other.height()
        && other.y() < y() + height();
  }

  @Override
  public String toString() {
    return dashboard + " " + id() + " " + title();
  }
}
