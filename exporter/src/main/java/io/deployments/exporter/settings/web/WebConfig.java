package io.deployments.exporter.settings.web;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A web configuration file, read and valid.
 *
 * @param file where it was read from
 * @param tls how to serve HTTPS; plain HTTP if empty
 * @param headers response headers by name, which beat the exporter's own; an empty value removes
 * @param users password hash by user name; no password is asked for if empty
 */
public record WebConfig(
    Path file,
    Optional<TlsSettings> tls,
    Map<String, String> headers,
    Map<String, PasswordHash> users) {

  /** Copies the maps, and keeps their order. */
  public WebConfig {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
  }
}
