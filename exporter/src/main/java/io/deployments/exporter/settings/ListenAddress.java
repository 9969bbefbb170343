package io.deployments.exporter.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the exporter listens.
 *
 * @param host an address or name of this machine; {@code 0.0.0.0} for all
 * @param port 0 for any free one
 */
public record ListenAddress(String host, int port) {

  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]\\s]*)):([0-9]{1,5})");

  /**
   * Reads {@code host:port}, {@code [address]:port} or {@code :port}.
   *
   * @throws IllegalArgumentException if the text is nothing of these
   */
  public static ListenAddress parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
      throw new IllegalArgumentException(
          "host:port, [IPv6 address]:port or :port, with a port from 0 to 65535");
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return new ListenAddress(host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(matcher.group(3)));
  }
}
