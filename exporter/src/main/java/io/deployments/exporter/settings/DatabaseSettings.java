package io.deployments.exporter.settings;

import java.util.Optional;

/**
 * Where the deployments are.
 *
 * @param jdbcUrl a URL that the PostgreSQL driver accepts, without user and password
 * @param user the role to log in as; the driver's default if empty
 * @param password its password; none if empty
 * @param table the table or view with the five columns
 */
public record DatabaseSettings(
    String jdbcUrl, Optional<String> user, Optional<Password> password, TableName table) {

  /** Masks the password of a client key too, which the driver takes in the URL. */
  @Override
  public String toString() {
    return "DatabaseSettings[jdbcUrl="
        + Secret.masked(jdbcUrl)
        + ", user="
        + user
        + ", password="
        + password
        + ", table="
        + table
        + "]";
  }
}
