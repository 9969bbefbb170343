package io.deployments.exporter.reliability;

import io.deployments.exporter.testing.OwnPostgres;
import io.deployments.exporter.testing.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What goes wrong between an exporter and its database, made and mended again. */
enum Fault {
  TABLE_MISSING(1, "query", "42P01", "DEPLOYMENTS_TABLE") {
    @Override
    void begin(Surroundings in) {
      in.postgres().execute("ALTER VIEW figures RENAME TO away");
    }

    @Override
    void end(Surroundings in) {
      in.postgres().execute("ALTER VIEW away RENAME TO figures");
    }
  },
  COLUMN_MISSING(1, "query", "42703", "template") {
    @Override
    void begin(Surroundings in) {
      in.postgres().execute("ALTER TABLE figures RENAME COLUMN template TO kind");
    }

    @Override
    void end(Surroundings in) {
      in.postgres().execute("ALTER TABLE figures RENAME COLUMN kind TO template");
    }
  },
  PRIVILEGE_REVOKED(1, "query", "42501", "GRANT SELECT ON \"figures\" TO reader") {
    @Override
    void begin(Surroundings in) {
      in.postgres().execute("REVOKE SELECT ON figures FROM reader");
    }

    @Override
    void end(Surroundings in) {
      in.postgres().execute("GRANT SELECT ON figures TO reader");
    }
  },
  NO_ROOM_FOR_TEMPORARY_FILES(1, "query", "53400", "temp_file_limit") {
    @Override
    void begin(Surroundings in) {
      in.postgres().execute("ALTER SYSTEM SET temp_file_limit = '1kB'", "SELECT pg_reload_conf()");
    }

    @Override
    void end(Surroundings in) {
      in.postgres().execute("ALTER SYSTEM RESET temp_file_limit", "SELECT pg_reload_conf()");
    }
  },
  TABLE_LOCKED(3, "timeout", "55P03", "pg_locks") {
    @Override
    void begin(Surroundings in) throws SQLException {
      Connection connection = in.postgres().connect();
      in.other().set(connection);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLE deployments IN ACCESS EXCLUSIVE MODE");
      }
    }

    @Override
    void end(Surroundings in) throws SQLException {
      in.other().get().close();
    }
  },
  QUERY_SLOW(3, "timeout", "57014", "REFRESH_TIMEOUT") {
    @Override
    void begin(Surroundings in) {
      in.postgres()
          .execute(
              "CREATE OR REPLACE VIEW figures AS SELECT deployments.* FROM deployments,"
                  // For the one that gives up soon: the view can't be mended while it is read.
                  + " pg_sleep(CASE current_user WHEN 'hasty' THEN 20 ELSE 0 END)");
    }

    @Override
    void end(Surroundings in) {
      in.postgres().execute("CREATE OR REPLACE VIEW figures AS SELECT * FROM deployments");
    }
  },
  SERVER_SILENT(3, "connect", "no", "answer") {
    @Override
    void begin(Surroundings in) {
      in.proxy().swallow();
    }

    @Override
    void end(Surroundings in) {
      in.proxy().forward();
    }
  },
  CONNECTION_RESET(3, "connect", "08", "DATABASE_URL") {
    @Override
    void begin(Surroundings in) {
      in.proxy().cut(0);
    }

    @Override
    void end(Surroundings in) {
      in.proxy().forward();
    }
  },
  ANSWER_CUT_OFF(3, "connect", "08", "DATABASE_URL") {
    @Override
    void begin(Surroundings in) {
      // After the login, in the middle of the first rows.
      in.proxy().cut(1_000);
    }

    @Override
    void end(Surroundings in) {
      in.proxy().forward();
    }
  },
  LOGIN_WITHDRAWN(3, "connect", "28000", "DATABASE_USER") {
    @Override
    void begin(Surroundings in) {
      in.postgres()
          .execute(
              "ALTER ROLE reader NOLOGIN",
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE usename = 'reader'");
    }

    @Override
    void end(Surroundings in) {
      in.postgres().execute("ALTER ROLE reader LOGIN");
    }
  },
  SERVER_RESTARTED(3, "connect", "(", "") {
    @Override
    void begin(Surroundings in) {
      in.postgres().stop();
    }

    @Override
    void end(Surroundings in) {
      in.postgres().startAgain();
    }
  },
  SERVER_KILLED(3, "connect", "(", "") {
    @Override
    void begin(Surroundings in) {
      in.postgres().kill();
    }

    @Override
    void end(Surroundings in) {
      in.postgres().startAgain();
    }
  };

  /**
   * Where faults are made.
   *
   * @param other the session that holds a lock
   */
  record Surroundings(OwnPostgres postgres, TcpProxy proxy, AtomicReference<Connection> other) {}

  private final int cost;
  private final String reason;
  private final String words;

  /**
   * A fault.
   *
   * @param cost about how many times as long as others a round takes
   * @param reason the label of the failure that it makes
   * @param words that the log has to say
   */
  Fault(int cost, String reason, String... words) {
    this.cost = cost;
    this.reason = reason;
    this.words = String.join("\n", words);
  }

  int cost() {
    return cost;
  }

  String reason() {
    return reason;
  }

  List<String> words() {
    return words.lines().toList();
  }

  /** Whether the exporter notices it only when its time is up. */
  boolean takesTime() {
    return reason.equals("timeout") || this == SERVER_SILENT;
  }

  abstract void begin(Surroundings in) throws SQLException;

  abstract void end(Surroundings in) throws SQLException;
}
