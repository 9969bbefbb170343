package io.deployments.exporter.http;

import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.QuotedQualityCSV;

/**
 * What clients like best, as one of their {@code Accept…} headers says (RFC 9110).
 *
 * <p>A scraper sends the same header each time, and a long one; so the last one that was read is
 * kept, with what it says. Safe for any number of threads.
 */
final class Preferences {

  private record Read(List<String> lines, List<String> values) {}

  private final String header;
  private volatile Read last = new Read(List.of(), List.of());

  /** Those of a header, by its name. */
  Preferences(String header) {
    this.header = header;
  }

  /**
   * The values of the header in lower case, the best liked first, without those refused with {@code
   * q=0}; none if the header makes no sense, as if it had not been sent.
   */
  List<String> of(Context context) {
    List<String> lines = Collections.list(context.req().getHeaders(header));
    Read read = last;
    if (!read.lines().equals(lines)) {
      read = new Read(lines, values(lines));
      last = read;
    }
    return read.values();
  }

  private static List<String> values(List<String> lines) {
    QuotedQualityCSV values = new QuotedQualityCSV();
    try {
      lines.forEach(values::addValue);
      return values.getValues().stream().map(value -> value.toLowerCase(Locale.ROOT)).toList();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /** A media type without its parameters. */
  static String type(String value) {
    return value.split(";", 2)[0].strip();
  }
}
