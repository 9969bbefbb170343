package io.deployments.exporter.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code exporter/Dockerfile}, an instruction a line. */
record Dockerfile(List<String> lines) {

  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  static Dockerfile read() {
    try {
      String text = Files.readString(Path.of("Dockerfile"));
      return new Dockerfile(Arrays.asList(text.replaceAll("\\\\\n\\s*", "").split("\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What follows an instruction, at each place where there is one. */
  List<String> all(String instruction) {
    return lines.stream()
        .filter(line -> line.startsWith(instruction + " "))
        .map(line -> line.substring(instruction.length() + 1).strip())
        .toList();
  }

  /** What follows the last one, which is the one that the image has. */
  String last(String instruction) {
    List<String> all = all(instruction);
    return all.get(all.size() - 1);
  }

  /** The arguments of an instruction that are written as a JSON array. */
  List<String> array(String instruction) {
    Matcher quoted = QUOTED.matcher(last(instruction));
    return quoted.results().map(argument -> argument.group(1)).toList();
  }
}
