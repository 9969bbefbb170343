package io.deployments.exporter.testing;

import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A new, empty database of its own on a PostgreSQL server that all tests of the JVM share. */
public final class TestDatabase implements AutoCloseable {

  private static final class Server {
    static final EmbeddedPostgres POSTGRES = EmbeddedServer.start(EmbeddedServer.builder());
  }

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final String name;
  private final Connection connection;

  private TestDatabase(String name) {
    this.name = name;
    try {
      this.connection = connect();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Creates a database; {@link #close()} drops it. */
  public static TestDatabase create() {
    String name = "test_" + COUNTER.incrementAndGet();
    onServer("CREATE DATABASE " + name);
    return new TestDatabase(name);
  }

  private static void onServer(String sql) {
    try (Connection server = Server.POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = server.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Skips the test, and says so, on a server that is older than what it is about. */
  public void orSkipBefore(int version, String what) {
    boolean isThere =
        Integer.parseInt(query("SHOW server_version_num").get(0).get(0)) >= version * 10_000;
    String reason = what + " are there from PostgreSQL " + version + " on";
    if (!isThere) {
      System.out.println("Skipped: " + reason);
    }
    Assumptions.assumeTrue(isThere, reason);
  }

  /** The database's name. */
  public String name() {
    return name;
  }

  /** The port of its server on the loopback interface. */
  public int port() {
    return Server.POSTGRES.getPort();
  }

  /** Its JDBC URL, without user. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + name;
  }

  /** A new connection as superuser. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "postgres", "");
  }

  /** Runs a script as superuser. */
  public TestDatabase execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return this;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Runs a file of the repository's {@code database} folder. */
  public TestDatabase run(String file) {
    return execute(read("/database/" + file));
  }

  /** A text file from the class path. */
  public static String read(String path) {
    try (var file = TestDatabase.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalArgumentException("No such file: " + path);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a query as superuser, every column as text; null where NULL. */
  public List<List<String>> query(String sql) {
    try (Statement statement = connection.createStatement()) {
      // The rows are those of the last statement; settings may come before it.
      boolean isRows = statement.execute(sql);
      while (!isRows) {
        isRows = statement.getMoreResults();
      }
      ResultSet rows = statement.getResultSet();
      List<List<String>> result = new ArrayList<>();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(rows.getString(i));
        }
        result.add(row);
      }
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /**
   * Settings for an exporter on this database, any free port and a short interval.
   *
   * @param more names and values that come on top, alternating
   */
  public Settings settings(String... more) {
    return settingsFor(url(), more);
  }

  /** The same for a database elsewhere. */
  public static Settings settingsFor(String url, String... more) {
    try {
      return new SettingOptions().read(environmentFor(url, more));
    } catch (BadSettingsException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The same as environment variables, for an exporter in a process of its own. */
  public static Map<String, String> environmentFor(String url, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", url);
    environment.put("DATABASE_USER", "postgres");
    environment.put("LISTEN_ADDRESS", "127.0.0.1:0");
    environment.put("REFRESH_INTERVAL", "200ms");
    environment.put("MAX_DATABASE_SHARE", "1");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  /** Drops the database, whoever is still connected. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    // As DROP DATABASE ... WITH (FORCE) does, which PostgreSQL 12 doesn't have.
    onServer("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    onServer(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    onServer("DROP DATABASE " + name);
  }
}
