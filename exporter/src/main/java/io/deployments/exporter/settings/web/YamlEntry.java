package io.deployments.exporter.settings.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A key of a YAML file with its value and the line that it stands in, counted from 1.
 *
 * <p>What a value is read as throws {@link IllegalArgumentException} if it is something else.
 */
record YamlEntry(String key, int line, Node value) {

  /** The file is no YAML; the message says why and names no value. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;

    MalformedException(int line, String message) {
      super(message);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  /** The keys at the top of a file. */
  static List<YamlEntry> parse(String text) throws MalformedException {
    try {
      Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(text);
      return root.isPresent() ? entries(root.get()) : List.of();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(1);
      throw new MalformedException(line, "no YAML, " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new MalformedException(1, "no YAML");
    } catch (IllegalArgumentException e) {
      throw new MalformedException(
          1, "not what a web configuration starts with; " + e.getMessage());
    }
  }

  /** The keys below. */
  List<YamlEntry> entries() {
    return entries(value);
  }

  private static List<YamlEntry> entries(Node node) {
    List<YamlEntry> result = new ArrayList<>();
    if (isNull(node)) {
      return result;
    }
    if (!(node instanceof MappingNode mapping)) {
      throw new IllegalArgumentException("allowed: keys with values below");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      result.add(
          new YamlEntry(
              scalar(tuple.getKeyNode()), line(tuple.getKeyNode()), tuple.getValueNode()));
    }
    return result;
  }

  /** The value as text; empty if there is none. */
  String text() {
    return scalar(value);
  }

  /** The value as items of text. */
  List<String> texts() {
    if (isNull(value)) {
      return List.of();
    }
    if (!(value instanceof SequenceNode sequence)) {
      throw new IllegalArgumentException("allowed: a list");
    }
    return sequence.getValue().stream().map(YamlEntry::scalar).toList();
  }

  /** The value as true or false. */
  boolean bool() {
    if (value instanceof ScalarNode && value.getTag().equals(Tag.BOOL)) {
      return Boolean.parseBoolean(text());
    }
    throw new IllegalArgumentException("allowed: true, false");
  }

  /** Whether there is nothing there, or an empty list. */
  boolean isEmpty() {
    return isNull(value)
        || (value instanceof SequenceNode sequence && sequence.getValue().isEmpty());
  }

  private static String scalar(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw new IllegalArgumentException("allowed: text");
    }
    return isNull(node) ? "" : scalar.getValue();
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
