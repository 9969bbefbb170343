package io.deployments.exporter.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of PromQL's grammar as it takes to name the metrics of an expression, and to take its
 * last comparison off. Whether it is valid is for Prometheus to say.
 */
final class PromQl {

  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>#[^\\n]*)"
              + "|(?<text>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`)"
              + "|(?<braces>\\{)|(?<brackets>\\[[^\\]]*])"
              + "|(?<comparison>==|!=|>=|<=|>|<)"
              + "|(?<number>[0-9][0-9a-zA-Z.]*)"
              + "|(?<word>[a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "|(?<open>\\()|(?<close>\\))",
          Pattern.DOTALL);

  private static final Set<String> SET_OPERATORS = Set.of("and", "or", "unless");
  private static final Set<String> LABELS_FOLLOW =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> OTHER_WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

  private PromQl() {}

  private record Token(String kind, String text, int start, int end, int depth) {}

  private static final Token END = new Token("end", "", 0, 0, 0);

  /** Without comments and selectors' braces; depth is that of the parentheses around it. */
  private static List<Token> tokens(String expression) {
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(expression);
    int depth = 0;
    int position = 0;
    while (matcher.find(position)) {
      position = matcher.end();
      if (matcher.group("comment") != null) {
        continue;
      }
      String kind = "other";
      for (String name : List.of("comparison", "word", "open", "close", "braces")) {
        kind = matcher.group(name) == null ? kind : name;
      }
      if (kind.equals("braces")) {
        position = afterBraces(expression, matcher.end());
      }
      depth -= kind.equals("close") ? 1 : 0;
      tokens.add(new Token(kind, matcher.group(), matcher.start(), position, depth));
      depth += kind.equals("open") ? 1 : 0;
    }
    return tokens;
  }

  private static int afterBraces(String expression, int start) {
    Matcher inner =
        Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|`[^`]*`|(})").matcher(expression);
    int position = start;
    while (inner.find(position)) {
      position = inner.end();
      if (inner.group(1) != null) {
        return position;
      }
    }
    return expression.length();
  }

  /** The names of the metrics that it selects by name. */
  static Set<String> metrics(String expression) {
    Set<String> metrics = new TreeSet<>();
    List<Token> tokens = tokens(expression);
    for (int i = 0; i < tokens.size(); i++) {
      String word = tokens.get(i).text();
      Token next = i + 1 < tokens.size() ? tokens.get(i + 1) : END;
      if (LABELS_FOLLOW.contains(word)) {
        int depth = tokens.get(i).depth();
        while (next.kind().equals("open")
            && !isClose(tokens.get(i), depth)
            && i + 1 < tokens.size()) {
          i++;
        }
      } else if (tokens.get(i).kind().equals("word")
          && !next.kind().equals("open")
          && !LABELS_FOLLOW.contains(next.text())
          && !OTHER_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
        metrics.add(word);
      }
    }
    return metrics;
  }

  private static boolean isClose(Token token, int depth) {
    return token.kind().equals("close") && token.depth() == depth;
  }

  /**
   * The expression without its last comparison outside of parentheses: what is compared, whatever
   * comes of it. {@code a > 5 and b} becomes {@code a and b}. The same text if there is none.
   */
  static String withoutLastComparison(String whole) {
    String expression = withoutParentheses(whole.strip());
    List<Token> tokens = tokens(expression);
    for (int i = tokens.size() - 1; i >= 0; i--) {
      Token comparison = tokens.get(i);
      if (!comparison.kind().equals("comparison") || comparison.depth() != 0 || isBool(tokens, i)) {
        continue;
      }
      int end = expression.length();
      for (int j = i + 1; j < tokens.size(); j++) {
        Token token = tokens.get(j);
        if (token.depth() == 0 && SET_OPERATORS.contains(token.text())) {
          end = token.start();
          break;
        }
      }
      return (expression.substring(0, comparison.start()) + " " + expression.substring(end))
          .strip();
    }
    return whole;
  }

  /**
   * What comes before the first {@code or} outside of parentheses: the rest is said where that says
   * nothing. The same text if there is none.
   */
  static String firstAlternative(String whole) {
    String expression = withoutParentheses(whole.strip());
    return tokens(expression).stream()
        .filter(token -> token.depth() == 0 && token.text().equals("or"))
        .findFirst()
        .map(or -> expression.substring(0, or.start()).strip())
        .orElse(whole);
  }

  private static String withoutParentheses(String expression) {
    List<Token> tokens = tokens(expression);
    boolean enclosed =
        tokens.size() > 1
            && tokens.get(0).kind().equals("open")
            && tokens.get(0).start() == 0
            && tokens.get(tokens.size() - 1).end() == expression.length()
            && tokens.stream().skip(1).limit(tokens.size() - 2).allMatch(t -> t.depth() > 0);
    return enclosed
        ? withoutParentheses(expression.substring(1, expression.length() - 1).strip())
        : expression;
  }

  private static boolean isBool(List<Token> tokens, int comparison) {
    return comparison + 1 < tokens.size() && tokens.get(comparison + 1).text().equals("bool");
  }
}
