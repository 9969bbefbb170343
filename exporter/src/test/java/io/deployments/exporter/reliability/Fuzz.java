package io.deployments.exporter.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Seeded random input, most of it nearly right. */
final class Fuzz {

  /** How many inputs there are of each kind. */
  static final int INPUTS = Integer.getInteger("soak.inputs", 1_000);

  private static final List<String> PIECES =
      List.of(
          "",
          " ",
          "\t",
          "\n",
          "\r\n",
          "\\",
          "\\n",
          "\"",
          "'",
          "''",
          "`",
          "%",
          "%00",
          "%zz",
          "&",
          "=",
          "?",
          "#",
          ";",
          ":",
          ",",
          ".",
          "..",
          "/",
          "//",
          "-",
          "--",
          "+",
          "*",
          "@",
          "{",
          "}",
          "[",
          "]",
          "(",
          ")",
          "<",
          ">",
          "|",
          "$",
          "$1",
          "${x}",
          "{{",
          "}}",
          "0",
          "-1",
          "1e9",
          "NaN",
          "9223372036854775808",
          "null",
          "true",
          "é",
          "ß",
          "İ",
          "ı",
          "\u202e",
          "\u2028",
          "\ufeff",
          "\u0001",
          "\u007f",
          "🚀",
          "👩‍👩‍👧",
          "中文",
          "e\u0301",
          "x".repeat(300));

  private final Random random;

  private Fuzz(long seed) {
    random = new Random(seed);
  }

  /** A new seed at every run, unless {@code -Dfuzz.seed} repeats one; it is printed. */
  static Fuzz of(String what) {
    long seed = Long.getLong("fuzz.seed", new Random().nextLong());
    System.out.println("Fuzz of " + what + ": " + INPUTS + " inputs, -Dfuzz.seed=" + seed);
    return new Fuzz(seed);
  }

  /** The same again and again, from one seed. */
  static Fuzz repeatable(long seed) {
    return new Fuzz(seed);
  }

  Random random() {
    return random;
  }

  /** A number below the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** True once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** One of them. */
  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** A text of odd pieces and characters, often empty or long. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      if (random.nextBoolean()) {
        text.append(pick(PIECES));
      } else {
        text.appendCodePoint(character());
      }
    }
    return text.toString();
  }

  /** Any character of Unicode but NUL, half of them of its beginning. */
  private int character() {
    while (true) {
      int c = random.nextBoolean() ? random.nextInt(0x250) : random.nextInt(0x110000);
      if (c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)) {
        return c;
      }
    }
  }

  /** A text with pieces cut out, doubled, moved or replaced. */
  String mutated(String text) {
    String result = text;
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int a = random.nextInt(result.length() + 1);
      int b = a + random.nextInt(result.length() - a + 1);
      String cut = result.substring(a, b);
      String instead =
          switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> cut + cut;
            case 2 -> text();
            default -> cut + pick(PIECES);
          };
      result = result.substring(0, a) + instead + result.substring(b);
    }
    return result.length() > 5_000 ? result.substring(0, 5_000) : result;
  }

  /** Some of the texts, each as it is or mutated. */
  List<String> some(List<String> texts) {
    List<String> result = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String text = pick(texts);
      result.add(random.nextBoolean() ? text : mutated(text));
    }
    return result;
  }
}
