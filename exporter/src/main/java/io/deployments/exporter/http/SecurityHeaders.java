package io.deployments.exporter.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Response headers that tell a browser to do no more than show the page. A route may replace them.
 */
final class SecurityHeaders implements HttpConfiguration.Customizer {

  private final Map<String, String> headers = new LinkedHashMap<>();

  /**
   * The exporter's own headers, changed as an operator says.
   *
   * @param changes values by name; an empty one takes the header away
   */
  SecurityHeaders(Map<String, String> changes) {
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "deny");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'");
    // Figures change with every refresh, and may be for those with a password only.
    headers.put("Cache-Control", "no-store");
    headers.putAll(changes);
    headers.values().removeIf(String::isEmpty);
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable response) {
    addTo(response);
    return request;
  }

  /** Sets them where there are none yet. */
  void addTo(HttpFields.Mutable response) {
    headers.forEach(
        (name, value) -> {
          if (!response.contains(name)) {
            response.put(name, value);
          }
        });
  }
}
