package io.deployments.exporter.database;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.SslMode;
import org.postgresql.util.HostSpec;
import org.postgresql.util.PSQLException;

/**
 * What the driver knows of a connection.
 *
 * @param host the one of the hosts in the URL that it chose
 * @param port its port
 * @param process the server process that answered the login; 0 if it didn't say
 * @param sslMode what was demanded
 */
record ServerAddress(String host, int port, int process, SslMode sslMode) {

  /**
   * Asks the driver.
   *
   * @throws DatabaseException if it doesn't know
   */
  static ServerAddress of(Connection connection) {
    try {
      HostSpec chosen = connection.unwrap(BaseConnection.class).getQueryExecutor().getHostSpec();
      int process = connection.unwrap(PGConnection.class).getBackendPID();
      String url = connection.getMetaData().getURL();
      return new ServerAddress(chosen.getHost(), chosen.getPort(), process, sslMode(url));
    } catch (SQLException e) {
      String message = "The driver says: " + e;
      throw new DatabaseException(FailureReason.QUERY, true, message, message, e);
    }
  }

  private static SslMode sslMode(String url) throws PSQLException {
    Properties properties = Driver.parseURL(url, new Properties());
    return SslMode.of(properties == null ? new Properties() : properties);
  }

  /**
   * What to say about passwords and rows that cross a network in plain text, or may; nothing where
   * {@code sslmode=disable} says that this is meant.
   *
   * @param encrypted whether the server says that it is talked to over TLS; behind a pooler that is
   *     the pooler's way to it
   */
  Optional<String> plainTextWarning(boolean encrypted) {
    return encrypted || sslMode.requireEncryption() || sslMode == SslMode.DISABLE || isLocal(host)
        ? Optional.empty()
        : Optional.of(
            "Password and rows cross the network to "
                + host
                + " in plain text. Add ?sslmode=verify-full&sslrootcert=authority.pem to"
                + " DATABASE_URL, or ?sslmode=disable if nobody else is on that network");
  }

  /** The facts, with what the row adds. */
  ServerFacts facts(ResultSet row) throws SQLException {
    return new ServerFacts(
        host,
        port,
        isLocal(host),
        row.getString("database"),
        row.getString("role"),
        Arrays.stream(row.getString("api_roles").split(",")).filter(r -> !r.isEmpty()).toList(),
        row.getString("version"),
        row.getInt("version_number"),
        row.getBoolean("superuser"),
        row.getBoolean("bypasses_row_security"),
        row.getBoolean("standby"),
        process != 0 && process != row.getInt("process"),
        Optional.ofNullable(row.getString("encryption")),
        sslMode.requireEncryption(),
        sslMode.verifyCertificate());
  }

  private static boolean isLocal(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // A folder, for a Unix domain socket, which is on this machine too.
      return host.startsWith("/");
    }
  }
}
