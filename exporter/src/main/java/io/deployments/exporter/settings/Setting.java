package io.deployments.exporter.settings;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Every setting there is: the one list behind flags, environment variables and {@code --help}. */
enum Setting {
  DATABASE_URL(null, "JDBC or postgresql:// URL of the database"),
  DATABASE_USER(null, "role to log in as; beats the URL"),
  DATABASE_PASSWORD(null, "its password; beats the URL; environment only"),
  DATABASE_PASSWORD_FILE(null, "file with the password"),
  DEPLOYMENTS_TABLE("deployments", "table or schema.table"),
  NETWORKS("metis,hyperion", "networks always shown"),
  WINDOWS("", "windows beside 1h, 24h, 7d, 30d: 14d,90d"),
  REFRESH_INTERVAL("30s", "time from one refresh to the next"),
  REFRESH_TIMEOUT("60s", "longest refresh, connecting included"),
  STALENESS_LIMIT("5m", "age from which figures are withheld"),
  MAX_DATABASE_SHARE("0.1", "share of time refreshes may query"),
  MAX_TEMPLATES("100", "templates with series of their own"),
  LISTEN_ADDRESS("0.0.0.0:9079", "where to serve"),
  WEB_CONFIG_FILE(null, "TLS and passwords, exporter-toolkit format"),
  LOG_LEVEL("info", "trace, debug, info, warn or error");

  private final @Nullable String defaultValue;
  private final String description;

  Setting(@Nullable String defaultValue, String description) {
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The value when none is given; null where there is none. */
  @Nullable String defaultValue() {
    return defaultValue;
  }

  String description() {
    return description;
  }

  /** For example {@code --refresh-interval}. */
  String flag() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A password on the command line would show in the process list. */
  boolean hasFlag() {
    return this != DATABASE_PASSWORD;
  }
}
