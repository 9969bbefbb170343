package io.deployments.exporter.settings;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.jdbc.SslMode;
import org.postgresql.util.PSQLException;

/**
 * A connection URL with its credentials taken out.
 *
 * @param jdbcUrl for the driver
 * @param user the user named in the URL
 * @param password the password in the URL
 */
record DatabaseUrl(String jdbcUrl, Optional<String> user, Optional<Secret> password) {

  private static final Pattern URI =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?"
              + "(?<hosts>[^/?@]*)(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?");

  /** Go unnoticed into the host's or the database's name, and from there into the log. */
  private static final Pattern CREDENTIALS_IN_JDBC =
      Pattern.compile("jdbc:postgresql:(?://[^/?]*|(?!//)[^?]*)@.*");

  /** A second question mark would hide the parameters behind it, and a password among them. */
  private static final Pattern PARAMETER = Pattern.compile("\\w+(?:=[^?]*)?");

  /** What the libpq documentation calls otherwise than the driver does. */
  private static final Map<String, String> DRIVER_NAMES =
      Map.of(
          "connect_timeout", "connectTimeout",
          "application_name", "ApplicationName",
          "target_session_attrs", "targetServerType",
          "keepalives", "tcpKeepAlive",
          "channel_binding", "channelBinding",
          "gssencmode", "gssEncMode");

  /** Values of {@code target_session_attrs} for {@code targetServerType}. */
  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "read-write", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  /**
   * Reads a JDBC URL or a {@code postgresql://} URI as libpq takes it.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static DatabaseUrl parse(String text) {
    String jdbc = text;
    Optional<String> user = Optional.empty();
    Optional<Secret> password = Optional.empty();
    Matcher uri = URI.matcher(text);
    if (uri.matches()) {
      user =
          Optional.ofNullable(uri.group("user")).filter(u -> !u.isEmpty()).map(DatabaseUrl::decode);
      password =
          Optional.ofNullable(uri.group("password")).map(DatabaseUrl::decode).map(Secret::new);
      jdbc =
          "jdbc:postgresql://"
              + uri.group("hosts")
              + "/"
              + encode(decode(Optional.ofNullable(uri.group("database")).orElse("")))
              + driverQuery(uri.group("query"));
    }
    Properties parsed = CREDENTIALS_IN_JDBC.matcher(jdbc).matches() ? null : properties(jdbc);
    if (parsed == null) {
      throw bad();
    }
    try {
      SslMode.of(parsed);
    } catch (PSQLException e) {
      throw new IllegalArgumentException(
          "sslmode disable, allow, prefer, require, verify-ca or verify-full", e);
    }
    return withoutCredentials(jdbc, parsed, user, password);
  }

  private static @Nullable Properties properties(String jdbc) {
    try {
      return jdbc.startsWith("jdbc:postgresql:") ? Driver.parseURL(jdbc, new Properties()) : null;
    } catch (StringIndexOutOfBoundsException e) {
      // What the driver makes of a list of hosts without one, such as a comma alone.
      return null;
    }
  }

  /** A JDBC URL carries credentials as parameters, where they would show in messages. */
  private static DatabaseUrl withoutCredentials(
      String jdbc, Properties parsed, Optional<String> user, Optional<Secret> password) {
    int question = jdbc.indexOf('?');
    if (question < 0) {
      return new DatabaseUrl(jdbc, user, password);
    }
    List<String> others =
        Arrays.stream(jdbc.substring(question + 1).split("&"))
            .filter(p -> !p.isEmpty() && !p.matches("(?i)(user|password)(=.*)?"))
            .toList();
    if (!others.stream().allMatch(PARAMETER.asMatchPredicate())) {
      throw bad();
    }
    String rest = String.join("&", others);
    return new DatabaseUrl(
        jdbc.substring(0, question) + (rest.isEmpty() ? "" : "?" + rest),
        user.or(() -> Optional.ofNullable(parsed.getProperty("user"))),
        password.or(() -> Optional.ofNullable(parsed.getProperty("password")).map(Secret::new)));
  }

  private static String driverQuery(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return "";
    }
    Map<String, String> parameters = new TreeMap<>();
    for (String parameter : query.split("&")) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw bad();
      }
      String name = decode(parameter.substring(0, equals));
      String value = decode(parameter.substring(equals + 1));
      parameters.put(
          DRIVER_NAMES.getOrDefault(name, name),
          switch (name) {
            case "target_session_attrs" -> SERVER_TYPES.getOrDefault(value, value);
            case "keepalives" -> String.valueOf(!value.equals("0"));
            default -> value;
          });
    }
    return parameters.entrySet().stream()
        .map(p -> p.getKey() + "=" + encode(p.getValue()))
        .collect(Collectors.joining("&", "?", ""));
  }

  /** Percent-decoding alone: in a URI a plus is a plus. */
  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw bad();
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException bad() {
    return new IllegalArgumentException(
        "jdbc:postgresql://host:5432/database or postgresql://user@host:5432/database");
  }
}
