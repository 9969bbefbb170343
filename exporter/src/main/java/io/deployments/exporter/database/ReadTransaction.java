package io.deployments.exporter.database;

import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.Deployments;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.NetworkStats;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.TemplateProjects;
import io.deployments.exporter.snapshot.Window;
import io.deployments.exporter.snapshot.WindowCounts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code REPEATABLE READ READ ONLY} transaction in UTC: every read in it sees the same rows and
 * refers to the same moment. All its settings are {@code SET LOCAL} and end with it, so nothing is
 * left in the session for a pooler's next client.
 *
 * <p>Each statement may take what is left until the deadline; every method throws {@link
 * DatabaseException} when that or anything else goes wrong.
 */
public final class ReadTransaction implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReadTransaction.class);

  /** How much sooner the server should give up than the driver, which can only hang up. */
  private static final long GRACE_MILLIS = 500;

  /**
   * The moment, and memory for grouping: 64 MB hold the groups of 300,000 projects, which else go
   * to temporary files and back. They are taken only as far as they are needed, and not where
   * somebody has set the role, the database or the connection to something else.
   */
  private static final String BEGINNING =
      "SELECT transaction_timestamp(), CASE WHEN source IN ('default', 'configuration file')"
          + " THEN set_config('work_mem', greatest(65536, CAST(setting AS bigint)) || 'kB', true)"
          + " END FROM pg_settings WHERE name = 'work_mem'";

  /** Far longer than planning takes. */
  private static final Duration WORTH_A_LINE = Duration.ofSeconds(1);

  private final Connection connection;
  private final AggregateSql sql;
  private final SqlErrors errors;
  private final Deadline deadline;
  private final Instant moment;
  private final long began;
  private long waited;
  private final List<QueryRun> runs = new ArrayList<>();

  ReadTransaction(Connection connection, AggregateSql sql, SqlErrors errors, Deadline deadline) {
    this.connection = connection;
    this.sql = sql;
    this.errors = errors;
    this.deadline = deadline;
    this.moment = beginAt();
    // Not before: a pooler may have let the first statement wait for a connection.
    this.began = System.nanoTime();
  }

  private Instant beginAt() {
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, millisLeft());
      statement.execute(
          "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL TIME ZONE 'UTC'; "
              + timeouts());
      try (ResultSet row = statement.executeQuery(BEGINNING)) {
        row.next();
        return row.getObject(1, OffsetDateTime.class).toInstant();
      }
    } catch (SQLException e) {
      throw errors.beginning(e);
    }
  }

  /** The database's clock when the transaction began: the <i>t</i> of a refresh. */
  public Instant moment() {
    return moment;
  }

  /** The aggregates read so far, with their costs. */
  public List<QueryRun> runs() {
    return List.copyOf(runs);
  }

  /**
   * Time since the transaction began: what it has cost the database at the most. Waiting for
   * somebody else's lock costs nothing.
   */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began - waited);
  }

  /** All aggregates, as of the given moment. */
  public Aggregates aggregates(Instant moment, Scope scope) {
    waitForLocks(sql.deployments(), deploymentParameters(moment, scope));
    Deployments deployments = deployments(moment, scope);
    ProjectCounts projects = projects(moment, scope.windows(), deployments);
    return new Aggregates(
        moment,
        deployments,
        projects.onNetworks(),
        projects.onAnyNetwork(),
        projects.ofTemplates());
  }

  /**
   * Distinct projects by network, by network and template, and over all: by one query as long as
   * there are bits enough and every value is its own, which is twice as quick as the three others.
   *
   * @param deployments those of the same moment; only their networks and templates are counted
   */
  public ProjectCounts projects(Instant moment, List<Window> windows, Deployments deployments) {
    Optional<ProjectBits> bits = ProjectBits.of(deployments);
    if (bits.isEmpty()) {
      String[] networks = values(deployments, DeploymentCount::network);
      String[] templates = values(deployments, DeploymentCount::template);
      return new ProjectCounts(
          activeProjects(moment, windows, networks),
          activeProjectsAnyNetwork(moment, windows),
          templateProjects(moment, windows, networks, templates));
    }
    Map<String, Object> values = parameters(moment, windows);
    values.putAll(bits.get().parameters());
    List<ProjectBits.Count> counts =
        query(
            sql.projects(),
            values,
            row -> new ProjectBits.Count(row.getInt("bit"), counts(row, windows)));
    return bits.get().counts(counts, windows.size());
  }

  private static String[] values(Deployments deployments, Function<DeploymentCount, String> label) {
    return deployments.counts().stream().map(label).distinct().toArray(String[]::new);
  }

  /**
   * Deployments by network, template and status, folded by the database so that there are no more
   * than {@link Scope#MOST_COMBINATIONS}. NULL and empty columns read {@code unknown}.
   */
  public Deployments deployments(Instant moment, Scope scope) {
    Map<String, Integer> folded = new HashMap<>();
    Map<String, String> labels = new HashMap<>();
    List<DeploymentCount> counts =
        query(
            sql.deployments(),
            deploymentParameters(moment, scope),
            row -> {
              // The same in every row.
              folded.put("network", row.getInt("folded_networks"));
              folded.put("template", row.getInt("folded_templates"));
              folded.put("status", row.getInt("folded_statuses"));
              return new DeploymentCount(
                  labels.computeIfAbsent(row.getString("network"), label -> label),
                  labels.computeIfAbsent(row.getString("template"), label -> label),
                  labels.computeIfAbsent(row.getString("status"), label -> label),
                  counts(row, scope.windows()),
                  Optional.of(row.getObject("last_created", OffsetDateTime.class).toInstant()));
            });
    return new Deployments(counts, folded);
  }

  private List<NetworkProjects> activeProjects(
      Instant moment, List<Window> windows, String[] networks) {
    Map<String, Object> values = parameters(moment, windows);
    values.put("networks", networks);
    return query(
        sql.activeProjects(),
        values,
        row -> new NetworkProjects(row.getString("network"), counts(row, windows)));
  }

  private WindowCounts activeProjectsAnyNetwork(Instant moment, List<Window> windows) {
    return query(
            sql.activeProjectsAnyNetwork(),
            parameters(moment, windows),
            row -> counts(row, windows))
        .get(0);
  }

  private List<TemplateProjects> templateProjects(
      Instant moment, List<Window> windows, String[] networks, String[] templates) {
    Map<String, Object> values = parameters(moment, windows);
    values.put("networks", networks);
    values.put("templates", templates);
    return query(
        sql.templateProjects(),
        values,
        row ->
            new TemplateProjects(
                row.getString("network"), row.getString("template"), counts(row, windows)));
  }

  /**
   * What the deployment stats of the API are made of, by network; none for a folded {@code other}.
   * The aggregates above have it all in their parts; this is for a number of days that is no window
   * of the snapshot.
   *
   * @param networks the configured ones
   */
  public List<NetworkStats> deploymentStats(Instant moment, Window window, List<String> networks) {
    Map<String, Object> values = parameters(moment, List.of(window));
    values.put("networks", networks.toArray(String[]::new));
    return query(
        sql.deploymentStats(),
        values,
        row ->
            new NetworkStats(
                row.getString("network"),
                row.getLong("total"),
                row.getLong("successful"),
                row.getLong("failed"),
                row.getLong("projects")));
  }

  private static Map<String, Object> deploymentParameters(Instant moment, Scope scope) {
    Map<String, Object> values = parameters(moment, scope.windows());
    values.put("networks", scope.networks().toArray(String[]::new));
    values.put("most", scope.maxTemplates());
    return values;
  }

  /** Those of every aggregate, to which others can be added. */
  private static Map<String, Object> parameters(Instant moment, List<Window> windows) {
    return new HashMap<>(Map.of("moment", moment, "windows", starts(moment, windows)));
  }

  private <T> List<T> query(NamedSql query, Map<String, ?> values, RowMapper<T> mapper) {
    long start = System.nanoTime();
    List<T> result = read(query, values, mapper);
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    runs.add(new QueryRun(query.name(), duration, result.size()));
    log.debug("{} took {} ms for {} rows", query.name(), duration.toMillis(), result.size());
    return result;
  }

  /**
   * Takes the locks that a statement needs, by having it planned. The transaction keeps them, so
   * that no statement on the same table waits in its midst, where nobody could tell it from work.
   */
  private void waitForLocks(NamedSql query, Map<String, ?> values) {
    long sent = System.nanoTime();
    read(query.explained(), values, line -> line.getString(1));
    Duration wait = Duration.ofNanos(System.nanoTime() - sent);
    waited += wait.toNanos();
    if (wait.compareTo(WORTH_A_LINE) >= 0) {
      log.info(
          "Waited {} s to begin reading {}, most likely for another session's lock; that doesn't"
              + " count for MAX_DATABASE_SHARE",
          wait.toSeconds(),
          errors.settings().table().quoted());
    }
  }

  /**
   * The rows of any statement.
   *
   * @param values by parameter: {@link Instant}s, arrays of them as text, arrays of strings or of
   *     longs, or what the driver binds
   */
  <T> List<T> read(NamedSql query, Map<String, ?> values, RowMapper<T> mapper) {
    long sent = System.nanoTime();
    try (Statement settings = connection.createStatement();
        PreparedStatement statement = connection.prepareStatement(query.text())) {
      connection.setNetworkTimeout(Runnable::run, millisLeft());
      settings.execute(timeouts());
      int index = 1;
      for (String parameter : query.parameters()) {
        Object value = values.get(parameter);
        // Typed, not text: a cast from text depends on the session and would run for every row.
        if (value instanceof Instant moment) {
          statement.setObject(index++, moment.atOffset(ZoneOffset.UTC));
        } else if (value instanceof String[] texts) {
          statement.setArray(index++, connection.createArrayOf("text", texts));
        } else if (value instanceof Long[] numbers) {
          statement.setArray(index++, connection.createArrayOf("int8", numbers));
        } else if (value instanceof Object[] moments) {
          statement.setArray(index++, connection.createArrayOf("timestamptz", moments));
        } else {
          statement.setObject(index++, value);
        }
      }
      List<T> result = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          result.add(mapper.map(rows));
        }
      }
      return result;
    } catch (SQLException e) {
      if (SqlErrors.isLockTimeout(e)) {
        waited += System.nanoTime() - sent;
      }
      throw errors.reading(e, query.name());
    }
  }

  /** The starts of the windows, largest window first. */
  private static Object[] starts(Instant moment, List<Window> windows) {
    return windows.stream()
        .sorted(Collections.reverseOrder())
        .map(window -> window.start(moment).toString())
        .toArray();
  }

  /** The columns {@code count_1 …} are largest window first, the counts shortest first. */
  private static WindowCounts counts(ResultSet row, List<Window> windows) throws SQLException {
    List<Long> values = new ArrayList<>();
    for (int column = windows.size(); column >= 1; column--) {
      values.add(row.getLong("count_" + column));
    }
    return new WindowCounts(values);
  }

  private String timeouts() {
    // The lock timeout comes first, because its error says what the statement was waiting for.
    long server = Math.max(1, millisLeft() - Math.min(GRACE_MILLIS, millisLeft() / 5));
    return "SET LOCAL statement_timeout = "
        + server
        + "; SET LOCAL lock_timeout = "
        + Math.max(1, server - Math.min(GRACE_MILLIS, server / 5));
  }

  private int millisLeft() {
    // 0 would mean no timeout at all, to the driver and to the server.
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, deadline.remaining().toMillis()));
  }

  /** The connection itself, for what only the driver knows. */
  Connection connection() {
    return connection;
  }

  /** Ends the transaction and gives the connection back. */
  @Override
  public void close() {
    giveBack(connection);
  }

  static void giveBack(Connection connection) {
    try {
      // The pool rolls the transaction back; nothing was written.
      connection.close();
    } catch (SQLException e) {
      log.debug("The connection could not be given back and is dropped", e);
    }
  }
}
