package io.deployments.exporter.backfill;

import io.deployments.exporter.settings.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What a history is to be.
 *
 * @param from no samples before
 * @param to no samples after; empty for the database's now
 * @param step from one sample to the next
 * @param labels labels that every series gets
 * @param output where it goes
 * @param dryRun whether to count only
 */
record BackfillOptions(
    Instant from,
    Optional<Instant> to,
    Duration step,
    Map<String, String> labels,
    Output output,
    boolean dryRun) {

  /** Prometheus takes a sample for current for so long. */
  static final Duration LOOKBACK = Duration.ofMinutes(5);

  private static final Instant EARLIEST = Instant.parse("2002-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
  private static final Duration LONGEST_STEP = Duration.ofDays(1);
  private static final Pattern STEP = Pattern.compile("([0-9]{1,6})(s|m|h|d)");
  private static final Pattern LABEL =
      Pattern.compile("(?!__)([a-zA-Z_][a-zA-Z0-9_]*)=(.+)", Pattern.DOTALL);
  private static final Set<String> OWN_LABELS = Set.of("network", "template", "status");

  /** Adds the flags to the command. */
  static void addTo(CommandSpec command) {
    command
        .addOption(option("--from", "MOMENT", "first moment: date in UTC or RFC 3339 time"))
        .addOption(option("--to", "MOMENT", "last moment, likewise (now)"))
        .addOption(option("--step", "DURATION", "time from sample to sample (5m)"))
        .addOption(
            OptionSpec.builder("--label")
                .paramLabel("NAME=VALUE")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("for all series, such as job; repeatable")
                .build())
        .addOption(option("--output", "PATH", "file, file.gz, folder/, or - for stdout"))
        .addOption(
            OptionSpec.builder("--dry-run")
                .type(boolean.class)
                .description("only say how much there is to write")
                .build());
  }

  private static OptionSpec option(String name, String value, String description) {
    return OptionSpec.builder(name)
        .paramLabel(value)
        .type(String.class)
        .description(description)
        .build();
  }

  /**
   * Reads the flags.
   *
   * @param problems gets a line for each flag that is wrong
   * @return empty if there is a problem
   */
  static Optional<BackfillOptions> read(
      ParseResult flags, InstantSource clock, List<String> problems) {
    List<String> found = new ArrayList<>();
    Instant now = clock.instant();
    Optional<Instant> from = read(flags, "--from", null, t -> moment(t, now), found);
    String end = flags.matchedOptionValue("--to", "now");
    Optional<Instant> to = read(flags, "--to", "now", t -> moment(t, now), found);
    Optional<Duration> step = read(flags, "--step", "5m", BackfillOptions::step, found);
    boolean dryRun = flags.hasMatchedOption("--dry-run");
    Optional<Output> output = read(flags, "--output", dryRun ? "-" : null, Output::parse, found);
    List<String> labelTexts = flags.matchedOptionValue("--label", List.of());
    Map<String, String> labels = labels(labelTexts, found);
    if (from.isPresent() && to.isPresent()) {
      Instant last = to.get();
      if (from.get().isAfter(last)) {
        found.add("--from is '" + from.get() + "'; allowed: a moment before --to, " + last);
      } else if (step.isPresent() && Steps.between(from.get(), last, step.get()).count() == 0) {
        found.add("--step is longer than the time from --from to --to; nothing would be written");
      }
    }
    problems.addAll(found);
    return found.isEmpty()
        ? Optional.of(
            new BackfillOptions(
                from.orElseThrow(),
                end.equals("now") ? Optional.empty() : to,
                step.orElseThrow(),
                labels,
                output.orElseThrow(),
                dryRun))
        : Optional.empty();
  }

  private static <T> Optional<T> read(
      ParseResult flags,
      String name,
      @Nullable String defaultValue,
      Function<String, T> parser,
      List<String> problems) {
    @Nullable String text = flags.matchedOptionValue(name, defaultValue);
    if (text == null) {
      problems.add(name + " is not set; see --help");
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      problems.add(problem(name, text, e.getMessage()));
      return Optional.empty();
    }
  }

  private static String problem(String name, String value, @Nullable String allowed) {
    return name
        + " is '"
        + Secret.masked(value).replaceAll("\\p{Cntrl}", "?")
        + "'; allowed: "
        + allowed;
  }

  private static Instant moment(String text, Instant now) {
    if (text.equals("now")) {
      return now;
    }
    Instant moment = null;
    try {
      moment =
          text.length() <= "2026-01-01".length()
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      // Says where the text stops making sense; what is allowed helps more.
    }
    if (moment == null || moment.isBefore(EARLIEST) || moment.isAfter(LATEST)) {
      throw new IllegalArgumentException(
          "a date such as 2026-01-01 (in UTC), a time such as 2026-01-01T12:00:00Z, or now, from"
              + " 2002 on");
    }
    return moment;
  }

  private static Duration step(String text) {
    Matcher matcher = STEP.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration step =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      if (!step.isZero() && step.compareTo(LONGEST_STEP) <= 0) {
        return step;
      }
    }
    throw new IllegalArgumentException("a whole number and s, m, h or d, from 1s to 1d");
  }

  private static Map<String, String> labels(List<String> texts, List<String> problems) {
    Map<String, String> labels = new TreeMap<>();
    for (String text : texts) {
      Matcher matcher = LABEL.matcher(text);
      if (!matcher.matches() || OWN_LABELS.contains(matcher.group(1))) {
        problems.add(
            problem(
                "--label",
                text,
                "name=value, where the name has letters, digits and _ and is not network,"
                    + " template or status, and the value is not empty"));
      } else if (labels.put(matcher.group(1), matcher.group(2)) != null) {
        problems.add(problem("--label", text, "each name once"));
      }
    }
    return labels;
  }
}
