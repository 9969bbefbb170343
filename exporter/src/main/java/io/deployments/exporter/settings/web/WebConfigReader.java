package io.deployments.exporter.settings.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a web configuration file.
 *
 * @see <a
 *     href="https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md">its
 *     format</a>
 */
public final class WebConfigReader {

  /** The headers that the toolkit lets a file set, each with the values it allows; any if none. */
  private static final Map<String, List<String>> HEADERS =
      Map.of(
          "Content-Security-Policy", List.of(),
          "Strict-Transport-Security", List.of(),
          "X-Content-Type-Options", List.of("nosniff"),
          "X-Frame-Options", List.of("deny", "sameorigin"),
          "X-XSS-Protection", List.of());

  private final Path file;
  private final boolean withMaterial;
  private final Problems problems = new Problems();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, PasswordHash> users = new LinkedHashMap<>();
  private Optional<TlsSettings> tls = Optional.empty();

  private WebConfigReader(Path file, boolean withMaterial) {
    this.file = file;
    this.withMaterial = withMaterial;
  }

  /**
   * Reads a file, and tries the certificates and keys that it names.
   *
   * @throws BadWebConfigException with all that is wrong with them
   */
  public static WebConfig read(Path file) throws BadWebConfigException {
    return new WebConfigReader(file, true).read();
  }

  /**
   * Reads the password hashes of a file; its certificates and keys may be in any state.
   *
   * @throws BadWebConfigException with all that is wrong with the file, the other sections too
   */
  public static Map<String, PasswordHash> readUsers(Path file) throws BadWebConfigException {
    return new WebConfigReader(file, false).read().users();
  }

  private WebConfig read() throws BadWebConfigException {
    try {
      List<YamlEntry> top = YamlEntry.parse(Files.readString(file, StandardCharsets.UTF_8));
      problems.collect(top, this::section);
    } catch (IOException e) {
      throw new BadWebConfigException(
          List.of("not readable; allowed: a UTF-8 file that this process can read"));
    } catch (YamlEntry.MalformedException e) {
      problems.add(e.line(), String.valueOf(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw new BadWebConfigException(problems.lines());
    }
    return new WebConfig(file, tls, headers, users);
  }

  private void section(YamlEntry entry) {
    switch (entry.key()) {
      case "tls_server_config" -> tls = TlsSection.read(entry, folder(), problems, withMaterial);
      case "http_server_config" -> problems.collect(entry.entries(), this::http);
      case "basic_auth_users" -> problems.collect(entry.entries(), this::user);
      case "rate_limit" ->
          throw new IllegalArgumentException(
              "not supported; remove it, and limit requests in a proxy in front of the exporter");
      default ->
          throw new IllegalArgumentException(
              "unknown key; allowed: tls_server_config, http_server_config, basic_auth_users");
    }
  }

  private Path folder() {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private void http(YamlEntry entry) {
    switch (entry.key()) {
      case "http2" -> {
        if (entry.bool()) {
          throw new IllegalArgumentException(
              "HTTP/2 is not supported; remove it or set it to false, clients then use HTTP/1.1");
        }
      }
      case "headers" -> problems.collect(entry.entries(), this::header);
      default -> throw new IllegalArgumentException("unknown key; allowed: http2, headers");
    }
  }

  private void header(YamlEntry entry) {
    List<String> values = HEADERS.get(entry.key());
    if (values == null) {
      throw new IllegalArgumentException(
          "unknown key; allowed: "
              + String.join(", ", HEADERS.keySet().stream().sorted().toList()));
    }
    String value = entry.text();
    if (!values.isEmpty() && !values.contains(value)) {
      throw Problems.bad(value, String.join(", ", values));
    }
    if (!value.matches("[\\x20-\\x7e]*")) {
      throw Problems.bad(value, "printable ASCII on one line");
    }
    headers.put(entry.key(), value);
  }

  private void user(YamlEntry entry) {
    if (entry.key().isEmpty() || entry.key().contains(":")) {
      throw new IllegalArgumentException("allowed: a name without colon");
    }
    try {
      users.put(entry.key(), PasswordHash.parse(entry.text()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("its password; allowed: " + e.getMessage());
    }
  }
}
