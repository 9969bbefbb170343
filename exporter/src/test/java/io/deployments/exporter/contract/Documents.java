package io.deployments.exporter.contract;

import io.deployments.exporter.contract.Expression.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The queries of the documentation: its blocks in the language {@code promql}. */
final class Documents {

  /** A block in the language {@code promql}, with what else its first line says, and its text. */
  private static final Pattern BLOCK =
      Pattern.compile("^ *```promql(.*)\\n((?:.*\\n)*?) *```$", Pattern.MULTILINE);

  private static final Pattern GRAPH = Pattern.compile(" range=(\\w+) step=(\\w+)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  private Documents() {}

  /**
   * A query of a document.
   *
   * @param range from the left to the right end; empty if it is no graph
   * @param end where its block ends in the document
   */
  record Query(Expression expression, Optional<Duration> range, int end) {}

  /** The queries of a Markdown file, or of all in a folder; none where there are no files. */
  static List<Query> queries(Path fileOrFolder) {
    if (!Files.exists(fileOrFolder)) {
      return List.of();
    }
    List<Query> result = new ArrayList<>();
    try (Stream<Path> files = Files.walk(fileOrFolder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
        result.addAll(queries(file.getFileName().toString(), Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  private static List<Query> queries(String file, String document) {
    List<Query> result = new ArrayList<>();
    Matcher block = BLOCK.matcher(document);
    while (block.find()) {
      String heading =
          HEADING
              .matcher(document.substring(0, block.start()))
              .results()
              .reduce("", (before, found) -> found.group(1), (one, other) -> other);
      Matcher graph = GRAPH.matcher(block.group(1));
      boolean isGraph = graph.matches();
      Expression expression =
          new Expression(
              file,
              "'" + heading + "'",
              block.group(2).strip(),
              isGraph ? Kind.RANGE : Kind.INSTANT,
              isGraph ? Optional.of(Durations.parse(graph.group(2))) : Optional.empty());
      result.add(
          new Query(
              expression,
              isGraph ? Optional.of(Durations.parse(graph.group(1))) : Optional.empty(),
              block.end()));
    }
    return result;
  }
}
