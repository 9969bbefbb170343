package io.deployments.exporter.database;

import io.deployments.exporter.settings.DatabaseSettings;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Names SQL errors once: the reason by SQLSTATE, and a line that says what to do.
 *
 * @param settings what the advice refers to
 */
record SqlErrors(DatabaseSettings settings) {

  /** What PgBouncer says of everything: in words it tells it apart. */
  private static final String POOLER = "08P01";

  /** The SQLSTATE that the server would give, by what PgBouncer says in its place. */
  private static final Map<String, Pattern> SAID_BY_POOLER =
      Map.of(
          "28P01",
          Pattern.compile(
              "authentication failed|no such user|login rejected|wrong password"
                  + "|role \".*\" (does not exist|is not permitted to log in)"),
          "3D000",
          Pattern.compile("no such database|database \".*\" (does not exist|is disabled)"),
          "53300",
          Pattern.compile(
              "no more connections|connections exceeded|too many (clients|connections)"
                  + "|connection slots are reserved"),
          "57P03",
          Pattern.compile("the database system is "));

  /** An error while connecting: whatever it is, there is no usable connection. */
  DatabaseException connecting(SQLException e) {
    return name(e, FailureReason.CONNECT, "connecting");
  }

  /** Time was up before there was a connection, or an error that says why there is none. */
  DatabaseException noAnswer(SQLException e) {
    return new DatabaseException(
        FailureReason.CONNECT,
        false,
        "no answer",
        "Failed connecting: no answer within REFRESH_TIMEOUT. Check host and port in DATABASE_URL,"
            + " that no firewall swallows the packets, and that a pooler in between has a"
            + " connection to the server",
        e);
  }

  /** An error in the first statements; a server silent here has not begun to work for us. */
  DatabaseException beginning(SQLException e) {
    FailureReason reason = isSilence(e) ? FailureReason.CONNECT : reason(e);
    return name(e, reason, "beginning the transaction");
  }

  /** An error within the aggregate of the given name. */
  DatabaseException reading(SQLException e, String query) {
    return name(e, reason(e), "reading " + query);
  }

  private DatabaseException name(SQLException e, FailureReason reason, String what) {
    ServerErrorMessage answer = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    String state = state(e);
    String message = answer != null ? String.valueOf(answer.getMessage()) : innermost(e);
    String meaning = state.equals(POOLER) ? saidByPooler(message) : state;
    // Class 08 is "no connection" by definition, even when a pooler in between says so. 08004 of
    // the driver itself is about an answer: the server has no TLS, or wants a password.
    boolean answered =
        answer != null
            ? !meaning.startsWith("08")
            : state.equals("08004") || has(e, OutOfMemoryError.class);
    String condition =
        (state.isEmpty() ? "" : "(" + state + ")")
            + ": "
            + message.replaceFirst("\\.$", "")
            + advice(e, meaning)
            + (meaning.equals(state)
                ? ""
                : "; a pooler says so: its own users, databases and limits count too");
    return new DatabaseException(
        reason,
        answered,
        condition,
        "Failed " + what + (state.isEmpty() ? "" : " ") + condition,
        e);
  }

  private static String saidByPooler(String message) {
    return SAID_BY_POOLER.entrySet().stream()
        .filter(said -> said.getValue().matcher(message).find())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(POOLER);
  }

  private static FailureReason reason(SQLException e) {
    String state = state(e);
    if (has(e, OutOfMemoryError.class)) {
      // The driver makes an SQL error of it.
      return FailureReason.DATA;
    }
    if (isSilence(e) || state.equals("57014") || isLockTimeout(e)) {
      return FailureReason.TIMEOUT;
    }
    boolean noConnection =
        state.startsWith("08")
            || state.startsWith("28")
            || state.equals("3D000")
            || List.of("57P01", "57P02", "57P03").contains(state);
    return noConnection ? FailureReason.CONNECT : FailureReason.QUERY;
  }

  private String advice(SQLException e, String state) {
    String table = settings.table().quoted();
    String user = settings.user().orElse("the exporter's user");
    if (has(e, UnknownHostException.class)) {
      return ". The host name can't be resolved: check DATABASE_URL";
    }
    if (has(e, CertificateExpiredException.class)) {
      return ". The server's certificate has expired: renew it";
    }
    if (has(e, SSLException.class)) {
      return ". TLS failed: check that sslrootcert in DATABASE_URL is the authority that signed the"
          + " server's certificate";
    }
    if (String.valueOf(e.getMessage()).contains("HostnameVerifier")) {
      return ". The server's certificate is for another host name: use that name in DATABASE_URL, or"
          + " give the server a certificate for this one";
    }
    if (has(e, OutOfMemoryError.class)) {
      return ". The rows are more than the exporter's memory holds: give it more";
    }
    if (isSilence(e)) {
      return ". The server did not answer in time: check the network and the server's load, or"
          + " raise REFRESH_TIMEOUT";
    }
    return switch (state) {
      case "28P01", "28000" ->
          ". Check DATABASE_USER and DATABASE_PASSWORD (or _FILE), and the"
              + " server's pg_hba.conf";
      case "3D000" -> ". Check the database's name in DATABASE_URL";
      case "08004" ->
          ". Check DATABASE_PASSWORD (or _FILE), sslmode in DATABASE_URL, and the server's ssl"
              + " setting and pg_hba.conf";
      case POOLER ->
          ". A pooler answered, and has no connection to the server for this one: check that the"
              + " server runs, and see the pooler's log; trying again";
      case "57P01", "57P02", "57P03" -> ". The server is stopping or starting; trying again";
      case "53300" -> ". Raise the server's max_connections or close other clients";
      case "42P01", "3F000" ->
          ". Set DEPLOYMENTS_TABLE to the table or view, with its schema if"
              + " it is not on the search path, or create it from database/schema.sql";
      case "42703" ->
          ". "
              + table
              + " needs the columns project_id, network, template, status and"
              + " created_at; a view can give them those names";
      case "42501" ->
          ". As the table's owner: GRANT SELECT ON "
              + table
              + " TO "
              + user
              + "; in a schema of its own also GRANT USAGE ON SCHEMA";
      case "57014" ->
          ". The query took longer than REFRESH_TIMEOUT leaves: look for a missing"
              + " index on created_at, or raise it";
      case "55P03" -> ". Another session holds a lock on " + table + ": look into pg_locks";
      case "40001", "40P01" -> " (a recovery conflict; the next refresh tries again)";
      case "42883", "42804", "42846", "22007", "22P02" ->
          ". A column's type does not fit: `check` says which";
      default ->
          state.startsWith("08")
              ? ". Check that the server runs and that host and port in DATABASE_URL are right;"
                  + " trying again"
              : "";
    };
  }

  /** Whether a statement gave up waiting for somebody else's lock. */
  static boolean isLockTimeout(SQLException e) {
    return state(e).equals("55P03");
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  private static boolean isSilence(SQLException e) {
    return has(e, SocketTimeoutException.class);
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  /** The driver wraps what went wrong; the innermost cause is what helps. */
  private static String innermost(SQLException e) {
    if (e.getCause() == null) {
      return String.valueOf(e.getMessage());
    }
    Throwable last = e.getCause();
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String reason =
        last instanceof EOFException ? "the server hung up" : String.valueOf(last.getMessage());
    return e.getMessage() + " (" + reason + ")";
  }
}
