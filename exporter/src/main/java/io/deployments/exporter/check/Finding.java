package io.deployments.exporter.check;

import java.util.List;
import java.util.stream.Stream;

/**
 * One thing that was looked at.
 *
 * @param subject what, in a word or two
 * @param message what was found, in one line
 * @param fix statements to paste, with comments; empty if there is nothing to do
 */
record Finding(Verdict verdict, String subject, String message, List<String> fix) {

  /** Copies the list. */
  Finding {
    message = SqlText.oneLine(message);
    fix = List.copyOf(fix);
  }

  static Finding ok(String subject, String message) {
    return new Finding(Verdict.OK, subject, message, List.of());
  }

  static Finding warn(String subject, String message, String... fix) {
    return new Finding(Verdict.WARN, subject, message, List.of(fix));
  }

  static Finding fail(String subject, String message, String... fix) {
    return new Finding(Verdict.FAIL, subject, message, List.of(fix));
  }

  /** The same with other statements. */
  Finding with(List<String> statements) {
    return new Finding(verdict, subject, message, statements);
  }

  /** As printed: a line, and below it the statements. */
  List<String> lines() {
    return Stream.concat(
            Stream.of(String.format("%-5s %-13s %s", verdict.word(), subject, message)),
            fix.stream().map(statement -> "        " + statement))
        .toList();
  }
}
