package io.deployments.exporter.database;

import io.deployments.exporter.settings.DatabaseSettings;
import io.deployments.exporter.settings.Password;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.LoggerFactory;

/**
 * Connects with properties that poolers accept, and at most once a second while it fails: the pool
 * retries many times a second, which would fill the server's log and lock accounts.
 */
final class PostgresDataSource implements DataSource {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(PostgresDataSource.class);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /**
   * How an attempt failed.
   *
   * @param asked when the pool asked for it last, by {@link System#nanoTime()}
   * @param until when there may be the next attempt
   */
  private record Failure(SQLException cause, long asked, Deadline until) {}

  private final Driver driver = new Driver();
  private final String url;
  private final Properties properties;
  private final Optional<Password> password;
  private volatile @Nullable Failure lastFailure;
  private final AtomicBoolean lookedForPlainText = new AtomicBoolean();

  PostgresDataSource(DatabaseSettings settings, Duration timeout) {
    url = settings.jdbcUrl();
    password = settings.password();
    properties = new Properties();
    settings.user().ifPresent(user -> PGProperty.USER.set(properties, user));
    // The driver's resolution is a second; the deadline of the transaction is finer. It counts on
    // in milliseconds, in 32 bits.
    int seconds =
        (int) Math.max(1, Math.min(timeout.plusMillis(999).toSeconds(), Integer.MAX_VALUE / 1000));
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds);
    PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.APPLICATION_NAME.set(properties, "deployment-exporter");
    // A named statement lives in one server session; behind a pooler the next transaction may run
    // in another, where it is unknown or somebody else's (42P05).
    PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    // Spares the driver's SETs after login, which would stay in a pooler's server session.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
  }

  @Override
  public Connection getConnection() throws SQLException {
    long asked = System.nanoTime();
    Failure failure = lastFailure;
    if (failure != null && !failure.until().hasPassed()) {
      lastFailure = new Failure(failure.cause(), asked, failure.until());
      throw failure.cause();
    }
    Deadline next = Deadline.in(PAUSE);
    try {
      Connection connection = driver.connect(url, credentials());
      if (connection == null) {
        throw new SQLException("The driver does not know this URL", "08001");
      }
      if (!lookedForPlainText.get()) {
        warnOfPlainText(connection);
        lookedForPlainText.set(true);
      }
      lastFailure = null;
      return connection;
    } catch (SQLException e) {
      lastFailure = new Failure(e, asked, next);
      throw e;
    }
  }

  /** The properties with the password of this moment: it may have changed since the last one. */
  private Properties credentials() throws SQLException {
    if (password.isEmpty()) {
      return properties;
    }
    try {
      Properties all = (Properties) properties.clone();
      PGProperty.PASSWORD.set(all, password.get().current().value());
      return all;
    } catch (IOException e) {
      // Without the cause: its words are no more than the name of the file again.
      throw new SQLException(e.getMessage());
    }
  }

  /**
   * How connecting failed, if it was asked for since a moment and has not succeeded after that. The
   * pool itself keeps a failure for longer, and would tell it to whoever asks next.
   *
   * @param moment by {@link System#nanoTime()}
   */
  Optional<SQLException> failureSince(long moment) {
    Failure failure = lastFailure;
    return failure == null || failure.asked() - moment < 0
        ? Optional.empty()
        : Optional.of(failure.cause());
  }

  private static void warnOfPlainText(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      boolean encrypted = row.next() && row.getBoolean(1);
      ServerAddress.of(connection).plainTextWarning(encrypted).ifPresent(log::warn);
    } catch (SQLException | DatabaseException e) {
      if (e instanceof SQLException failure
          && String.valueOf(failure.getSQLState()).startsWith("08")) {
        // A pooler may let in whoever knows the password, and then have no server for him.
        connection.close();
        throw failure;
      }
      log.debug("The server doesn't say whether the connection is encrypted", e);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("The credentials are in the settings");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter writer) {
    // The driver logs through java.util.logging.
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // The pool would lower it to its own, which is only how often it looks; ours is in properties.
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return driver.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("Wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
