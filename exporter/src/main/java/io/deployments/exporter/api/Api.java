package io.deployments.exporter.api;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.snapshot.NetworkStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Answers the four questions; each method throws {@link ProblemException} where it can't. */
public final class Api implements AutoCloseable {

  private static final int DEFAULT_DAYS = 30;
  private static final int MAX_DAYS = 366;

  /** How many networks a problem lists; a table may hold any number. */
  private static final int SHOWN = 20;

  private static final String DAYS_ALLOWED = "one whole number from 1 to " + MAX_DAYS;

  /**
   * An answer.
   *
   * @param json the value to write as JSON
   * @param rows the same as rows of CSV
   * @param rowType the type of a row
   * @param moment the <i>t</i> of the read
   */
  public record Answer(Object json, List<?> rows, Class<?> rowType, Instant moment) {}

  private final Reads reads;
  private final List<String> configured;

  /** An API on the current snapshot and, for days that are no window, the database. */
  public Api(Settings settings, CurrentSnapshot current, Database database) {
    reads = new Reads(current, database, settings);
    configured = settings.scope().networks();
  }

  /** Configured, or seen by the last refresh; where networks are folded, those that are not. */
  public SortedSet<String> networks() {
    SortedSet<String> known = new TreeSet<>(reads.seenNetworks());
    known.addAll(configured);
    return known;
  }

  /** Distinct projects of a network. */
  public Answer activeProjects(Map<String, List<String>> parameters) {
    refuseOthers(parameters, "network", "days");
    String network = network(parameters);
    int days = days(parameters);
    Reads.Figures<Long> figures = reads.read(Question.ACTIVE_PROJECTS, days);
    long projects = of(network, figures, Question.ACTIVE_PROJECTS);
    return one(new Answers.ActiveProjects(network, days, projects), figures.moment());
  }

  /** Deployments of a network and how they went. */
  public Answer deploymentStats(Map<String, List<String>> parameters) {
    refuseOthers(parameters, "network", "days");
    String network = network(parameters);
    Reads.Figures<NetworkStats> figures = reads.read(Question.DEPLOYMENT_STATS, days(parameters));
    NetworkStats stats = of(network, figures, Question.DEPLOYMENT_STATS);
    return one(
        new Answers.DeploymentStats(
            network,
            stats.total(),
            stats.successful(),
            stats.failed(),
            stats.projects(),
            ratio(stats.successful(), stats.total())),
        figures.moment());
  }

  /** Deployments per network and its share. */
  public Answer networkSplit(Map<String, List<String>> parameters) {
    refuseOthers(parameters, "days");
    Reads.Figures<List<Question.Use>> figures = reads.read(Question.TEMPLATES, days(parameters));
    Map<String, Long> deployments = new TreeMap<>();
    networks().forEach(network -> deployments.put(network, 0L));
    figures.byNetwork().forEach((network, uses) -> deployments.put(network, total(uses)));
    long total = deployments.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Answers.Share> networks = new TreeMap<>();
    List<Answers.ShareRow> rows = new ArrayList<>();
    deployments.forEach(
        (network, count) -> {
          double percentage = total == 0 ? 0 : 100.0 * count / total;
          networks.put(network, new Answers.Share(count, percentage));
          rows.add(new Answers.ShareRow(network, count, percentage));
        });
    return new Answer(
        new Answers.NetworkSplit(networks, total), rows, Answers.ShareRow.class, figures.moment());
  }

  /** Templates used on a network, most used first. */
  public Answer templateAdoption(Map<String, List<String>> parameters) {
    refuseOthers(parameters, "network", "days");
    String network = network(parameters);
    Reads.Figures<List<Question.Use>> figures = reads.read(Question.TEMPLATES, days(parameters));
    List<Question.Use> uses = of(network, figures, Question.TEMPLATES);
    long total = total(uses);
    List<Answers.TemplateAdoption> rows =
        uses.stream()
            .map(
                use ->
                    new Answers.TemplateAdoption(
                        use.template(),
                        use.deployments(),
                        use.successful(),
                        ratio(use.deployments(), total)))
            .toList();
    return new Answer(rows, rows, Answers.TemplateAdoption.class, figures.moment());
  }

  private static Answer one(Object answer, Instant moment) {
    return new Answer(answer, List.of(answer), answer.getClass(), moment);
  }

  private static long total(List<Question.Use> uses) {
    return uses.stream().mapToLong(Question.Use::deployments).sum();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private <T> T of(String network, Reads.Figures<T> figures, Question<T> question) {
    T found = figures.byNetwork().get(network);
    if (found != null) {
      return found;
    }
    // The configured ones first: the list may be cut.
    Set<String> known = new LinkedHashSet<>(configured);
    known.addAll(networks());
    known.addAll(new TreeSet<>(figures.byNetwork().keySet()));
    if (!known.contains(network)) {
      throw Problem.unknownNetwork(
          network,
          known.stream().limit(SHOWN).collect(Collectors.joining(", "))
              + (known.size() > SHOWN ? ", …" : ""));
    }
    return question.nothing();
  }

  /** A slip of the pen, such as {@code day=7}, must not be answered as if it were not there. */
  private static void refuseOthers(Map<String, List<String>> parameters, String... known) {
    parameters.forEach(
        (name, values) -> {
          // "?days=7&" has one without a name and a value, which says nothing.
          boolean says = !name.isEmpty() || values.stream().anyMatch(value -> !value.isEmpty());
          if (says && !List.of(known).contains(name)) {
            String allowed = String.join(", ", known);
            throw Problem.badParameter(Problem.shown(name), null, "doesn't exist here", allowed);
          }
        });
  }

  private String network(Map<String, List<String>> parameters) {
    String allowed = "one network, such as " + String.join(" or ", configured);
    return single("network", parameters.getOrDefault("network", List.of()), allowed);
  }

  private static int days(Map<String, List<String>> parameters) {
    List<String> values = parameters.getOrDefault("days", List.of());
    if (values.isEmpty()) {
      return DEFAULT_DAYS;
    }
    String value = single("days", values, DAYS_ALLOWED);
    if (value.matches("[0-9]{1,9}")) {
      int days = Integer.parseInt(value);
      if (days >= 1 && days <= MAX_DAYS) {
        return days;
      }
    }
    throw Problem.badParameter("days", value, "is '" + Problem.shown(value) + "'", DAYS_ALLOWED);
  }

  private static String single(String name, List<String> values, String allowed) {
    if (values.isEmpty()) {
      throw Problem.badParameter(name, null, "is missing", allowed);
    }
    if (values.size() > 1) {
      String all = String.join(", ", values);
      throw Problem.badParameter(name, all, "is repeated, '" + Problem.shown(all) + "'", allowed);
    }
    if (values.get(0).isEmpty()) {
      throw Problem.badParameter(name, "", "is empty", allowed);
    }
    return values.get(0);
  }

  /** Ends the queries. */
  @Override
  public void close() {
    reads.close();
  }
}
