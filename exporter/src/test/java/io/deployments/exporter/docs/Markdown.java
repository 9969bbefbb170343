package io.deployments.exporter.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown file as GitHub shows it: links and pictures, the anchors of its headings, and blocks
 * of code, in which there are neither. Headings begin with {@code #}.
 */
final class Markdown {

  private static final Pattern FENCE = Pattern.compile("^\\s*(`{3,}|~{3,})\\s*(.*?)\\s*$");
  private static final Pattern LIST_ITEM = Pattern.compile("^(?:[-*+]|[0-9]+[.)]) +.*");
  private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6} +(.*?)(?: +#+)? *$");

  private static final Pattern CODE =
      Pattern.compile("(?<!`)(`+)(?!`)(.+?)(?<!`)\\1(?!`)|\\\\\\p{Punct}");

  private static final Pattern LINK =
      Pattern.compile(
          "(?<picture>!?)\\[(?<text>(?:[^\\[\\]]|\\[[^\\[\\]]*])*)]"
              + "(?:\\( *(?<target><[^<>]*>|(?:[^\\s()]|\\([^\\s()]*\\))*)(?: +[\"'(].*?[\"')])? *\\)"
              + "|\\[(?<label>[^\\[\\]]+)])");

  private static final Pattern DEFINITION =
      Pattern.compile("^ {0,3}\\[([^\\[\\]]+)]: *<?([^\\s>]+)");
  private static final Pattern ADDRESS = Pattern.compile("<(https?:[^\\s<>]*)>");
  private static final Pattern HTML = Pattern.compile("\\b(href|src|id|name)=\"([^\"]*)\"");

  /**
   * A link or a picture.
   *
   * @param line where it is, the first being 1
   * @param target as it is written; empty if it names a reference that the file doesn't define
   */
  record Link(int line, String target, boolean picture) {}

  /**
   * A block of code.
   *
   * @param language what stands behind the fence; empty for an indented block
   */
  record Block(String language, String text) {}

  private final List<Link> links = new ArrayList<>();
  private final Set<String> anchors = new LinkedHashSet<>();
  private final List<Block> blocks = new ArrayList<>();

  Markdown(String text) {
    List<String> prose = withoutBlocks(text.lines().toList());
    Map<String, String> definitions = new HashMap<>();
    for (String line : prose) {
      Matcher definition = DEFINITION.matcher(line);
      if (definition.find()) {
        definitions.put(label(definition.group(1)), definition.group(2));
      }
    }
    for (int i = 0; i < prose.size(); i++) {
      read(i + 1, prose.get(i), definitions);
    }
  }

  List<Link> links() {
    return links;
  }

  /** What may stand behind {@code #} in a link to this file. */
  Set<String> anchors() {
    return anchors;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** The lines with empty ones in the place of blocks, which are noted. */
  private List<String> withoutBlocks(List<String> lines) {
    List<String> prose = new ArrayList<>();
    String fence = "";
    String language = "";
    StringBuilder block = new StringBuilder();
    boolean inList = false;
    boolean afterBlank = true;
    for (String line : lines) {
      Matcher mark = FENCE.matcher(line);
      boolean isMark = mark.matches();
      boolean indented = fence.isEmpty() && !inList && line.startsWith("    ");
      if (!fence.isEmpty()) {
        if (isMark && mark.group(1).startsWith(fence) && mark.group(2).isEmpty()) {
          fence = "";
          add(language, block);
        } else {
          block.append(line.strip()).append('\n');
        }
        prose.add("");
        continue;
      }
      if (indented && (afterBlank || !block.isEmpty())) {
        block.append(line.substring(4)).append('\n');
        prose.add("");
        continue;
      }
      add("", block);
      if (isMark) {
        fence = mark.group(1);
        language = mark.group(2);
        prose.add("");
        continue;
      }
      if (LIST_ITEM.matcher(line).matches()) {
        inList = true;
      } else if (afterBlank && !line.isBlank() && !line.startsWith(" ")) {
        inList = false;
      }
      afterBlank = line.isBlank();
      prose.add(line);
    }
    add("", block);
    return prose;
  }

  private void add(String language, StringBuilder block) {
    if (!block.isEmpty()) {
      blocks.add(new Block(language, block.toString()));
      block.setLength(0);
    }
  }

  private void read(int number, String line, Map<String, String> definitions) {
    Matcher heading = HEADING.matcher(line);
    if (heading.matches()) {
      anchors.add(unused(slug(heading.group(1))));
    }
    String text = CODE.matcher(line).replaceAll(code -> "x".repeat(code.group().length()));
    Matcher link = LINK.matcher(text);
    // A link's text may hold a picture, which has a target of its own.
    for (int from = 0; link.find(from); from = link.start("text")) {
      String target =
          link.group("label") == null
              ? link.group("target").replaceAll("^<|>$", "")
              : definitions.getOrDefault(label(link.group("label")), "");
      links.add(new Link(number, target, !link.group("picture").isEmpty()));
    }
    Matcher definition = DEFINITION.matcher(text);
    if (definition.find()) {
      links.add(new Link(number, definition.group(2), false));
    }
    ADDRESS
        .matcher(text)
        .results()
        .forEach(address -> links.add(new Link(number, address.group(1), false)));
    HTML.matcher(text)
        .results()
        .forEach(
            attribute -> {
              switch (attribute.group(1)) {
                case "href", "src" ->
                    links.add(
                        new Link(number, attribute.group(2), attribute.group(1).equals("src")));
                default -> anchors.add(attribute.group(2));
              }
            });
  }

  private static String label(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /** GitHub's anchor of a heading: its letters and digits in lower case, hyphens for spaces. */
  private static String slug(String heading) {
    return LINK.matcher(heading)
        .replaceAll("${text}")
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
        .replace(' ', '-');
  }

  private String unused(String slug) {
    String anchor = slug;
    for (int i = 1; anchors.contains(anchor); i++) {
      anchor = slug + "-" + i;
    }
    return anchor;
  }
}
