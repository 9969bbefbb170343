package io.deployments.exporter.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A rule of this repository, as its file has it. */
public record Rule(String file, Map<?, ?> fields) {

  /** The recording and alert rules of all files in a folder. */
  public static List<Rule> all(Path folder) {
    List<Rule> rules = new ArrayList<>();
    for (Path file : files(folder)) {
      Map<?, ?> content = (Map<?, ?>) parse(file);
      for (Object group : (List<?>) content.get("groups")) {
        for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
          rules.add(new Rule(file.getFileName().toString(), (Map<?, ?>) rule));
        }
      }
    }
    return rules;
  }

  /** The YAML files of a folder, in the order of their names. */
  public static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it alerts; else it records. */
  public boolean isAlert() {
    return fields.containsKey("alert");
  }

  /** Of the alert, or of the series it records. */
  public String name() {
    return text(isAlert() ? "alert" : "record");
  }

  /** What it evaluates. */
  public String expression() {
    return text("expr");
  }

  /** A field's text; empty where there is none. */
  String text(String field) {
    return fields.get(field) instanceof String text ? text : "";
  }

  String label(String name) {
    return entry("labels", name);
  }

  String annotation(String name) {
    return entry("annotations", name);
  }

  private String entry(String field, String name) {
    return fields.get(field) instanceof Map<?, ?> entries
            && entries.get(name) instanceof String text
        ? text
        : "";
  }

  private static Object parse(Path file) {
    try {
      return new Load(LoadSettings.builder().setLabel(file.toString()).build())
          .loadFromString(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name() + " in " + file;
  }
}
