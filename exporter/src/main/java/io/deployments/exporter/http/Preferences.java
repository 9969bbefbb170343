package io.deployments.exporter.http;

import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.QuotedQualityCSV;

/** What a client likes best, as its {@code Accept…} headers say (RFC 9110). */
final class Preferences {

  private Preferences() {}

  /**
   * The values of a header in lower case, the best liked first, without those refused with {@code
   * q=0}; none if the header makes no sense, as if it had not been sent.
   */
  static List<String> of(Context context, String header) {
    QuotedQualityCSV values = new QuotedQualityCSV();
    try {
      context.req().getHeaders(header).asIterator().forEachRemaining(values::addValue);
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
