package io.deployments.exporter.settings;

import io.deployments.exporter.settings.web.BadWebConfigException;
import io.deployments.exporter.settings.web.WebConfig;
import io.deployments.exporter.settings.web.WebConfigReader;
import io.deployments.exporter.snapshot.LabelValues;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Window;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns flags and environment variables into {@link Settings}, and collects all that is wrong. */
final class SettingsReader {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final List<String> LOG_LEVELS = List.of("trace", "debug", "info", "warn", "error");

  private final Map<Setting, String> flags;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  /**
   * A reader of the given sources.
   *
   * @param flags the flags given, which beat the environment
   * @param environment environment variables; an empty one counts as not set
   */
  SettingsReader(Map<Setting, String> flags, Map<String, String> environment) {
    this.flags = flags;
    this.environment = environment;
  }

  Settings read() throws BadSettingsException {
    Optional<DatabaseUrl> url = read(Setting.DATABASE_URL, DatabaseUrl::parse);
    if (text(Setting.DATABASE_URL).isEmpty()) {
      problems.add(
          "DATABASE_URL is not set; allowed: jdbc:postgresql://host:5432/database or"
              + " postgresql://user@host:5432/database");
    }
    Optional<String> user = text(Setting.DATABASE_USER);
    Optional<Password> password = password();
    Optional<TableName> table = read(Setting.DEPLOYMENTS_TABLE, TableName::parse);
    Optional<List<String>> networks = read(Setting.NETWORKS, SettingsReader::networks);
    Optional<List<Window>> windows = read(Setting.WINDOWS, SettingsReader::windows);
    Optional<Duration> interval = read(Setting.REFRESH_INTERVAL, SettingsReader::duration);
    Optional<Duration> timeout = read(Setting.REFRESH_TIMEOUT, SettingsReader::duration);
    Optional<Duration> staleness = read(Setting.STALENESS_LIMIT, SettingsReader::duration);
    Optional<Double> share = read(Setting.MAX_DATABASE_SHARE, SettingsReader::share);
    Optional<Integer> maxTemplates = read(Setting.MAX_TEMPLATES, SettingsReader::maxTemplates);
    Optional<ListenAddress> listen = read(Setting.LISTEN_ADDRESS, ListenAddress::parse);
    Optional<WebConfig> webConfig = text(Setting.WEB_CONFIG_FILE).flatMap(this::webConfig);
    Optional<String> logLevel = read(Setting.LOG_LEVEL, SettingsReader::logLevel);
    if (!problems.isEmpty()) {
      throw new BadSettingsException(problems);
    }
    return new Settings(
        new DatabaseSettings(
            url.orElseThrow().jdbcUrl(),
            user.or(() -> url.get().user()),
            password.or(() -> url.get().password()),
            table.orElseThrow()),
        new Scope(networks.orElseThrow(), windows.orElseThrow(), maxTemplates.orElseThrow()),
        new RefreshSettings(
            interval.orElseThrow(),
            timeout.orElseThrow(),
            staleness.orElseThrow(),
            share.orElseThrow()),
        listen.orElseThrow(),
        webConfig,
        logLevel.orElseThrow());
  }

  /** The value given: the flag, else the environment. */
  private Optional<String> text(Setting setting) {
    String flag = flags.get(setting);
    return flag != null
        ? Optional.of(flag)
        : Optional.ofNullable(environment.get(setting.name())).filter(v -> !v.isEmpty());
  }

  /** The value, parsed; empty and a problem if that fails, empty alone if there is none. */
  private <T> Optional<T> read(Setting setting, Function<String, T> parser) {
    @Nullable String text = text(setting).orElse(setting.defaultValue());
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      problems.add(setting + " is '" + oneLine(text) + "'; allowed: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Masked whatever the setting: a URL may have slipped into another one's place. */
  private static String oneLine(String text) {
    String line = Secret.masked(text).replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  private Optional<Password> password() {
    Optional<String> plain = text(Setting.DATABASE_PASSWORD);
    Optional<String> file = text(Setting.DATABASE_PASSWORD_FILE);
    if (plain.isPresent() && file.isPresent()) {
      problems.add(
          "DATABASE_PASSWORD is '"
              + Secret.MASK
              + "' and DATABASE_PASSWORD_FILE is '"
              + oneLine(file.get())
              + "'; allowed: one of the two");
      return Optional.empty();
    }
    return file.isPresent() ? passwordFrom(file.get()) : plain.map(Secret::new);
  }

  private Optional<Password> passwordFrom(String file) {
    try {
      PasswordFile password = new PasswordFile(Path.of(file));
      // A file that is missing at the start is a mistake, and not one that is being replaced.
      password.current();
      return Optional.of(password);
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "DATABASE_PASSWORD_FILE is '"
              + oneLine(file)
              + "'; allowed: a UTF-8 file that this process can read");
      return Optional.empty();
    }
  }

  private Optional<WebConfig> webConfig(String file) {
    String shown = Setting.WEB_CONFIG_FILE + " is '" + oneLine(file) + "', ";
    try {
      return Optional.of(WebConfigReader.read(Path.of(file)));
    } catch (BadWebConfigException e) {
      e.problems().forEach(problem -> problems.add(shown + problem));
    } catch (InvalidPathException e) {
      problems.add(shown + "no path; allowed: a UTF-8 file that this process can read");
    }
    return Optional.empty();
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration unit =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
          };
      if (number > 0 && number <= LONGEST.dividedBy(unit)) {
        return unit.multipliedBy(number);
      }
    }
    throw new IllegalArgumentException(
        "a whole number above 0 and ms, s, m, h or d, up to 365d, for example 30s");
  }

  private static List<String> networks(String text) {
    List<String> names = list(text);
    boolean reserved = names.contains(LabelValues.UNKNOWN) || names.contains(LabelValues.OTHER);
    if (names.isEmpty() || names.contains("") || reserved) {
      throw new IllegalArgumentException(
          "names separated by commas, for example metis,hyperion; not 'other' or 'unknown', which"
              + " have a meaning of their own");
    }
    if (names.size() > Scope.MOST_NETWORKS || !names.stream().allMatch(LabelValues::isRanked)) {
      throw new IllegalArgumentException(
          "at most %d names of at most %d characters"
              .formatted(Scope.MOST_NETWORKS, LabelValues.LONGEST));
    }
    return names.stream().distinct().toList();
  }

  private static List<Window> windows(String text) {
    List<Window> all =
        Stream.concat(Window.ALWAYS.stream(), list(text).stream().map(Window::parse))
            .distinct()
            .toList();
    for (Window window : all) {
      all.stream()
          .filter(other -> !other.equals(window) && other.length().equals(window.length()))
          .findFirst()
          .ifPresent(
              other -> {
                throw new IllegalArgumentException(
                    "one spelling of each duration, but "
                        + window.name()
                        + " and "
                        + other.name()
                        + " are the same");
              });
    }
    if (all.size() > Window.AT_MOST) {
      throw new IllegalArgumentException(
          "at most " + (Window.AT_MOST - Window.ALWAYS.size()) + " beside 1h, 24h, 7d and 30d");
    }
    return all;
  }

  private static List<String> list(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private static double share(String text) {
    if (text.matches("[0-9]{0,3}(\\.[0-9]{1,9})?") && !text.isEmpty()) {
      double share = Double.parseDouble(text);
      if (share > 0 && share <= 1) {
        return share;
      }
    }
    throw new IllegalArgumentException("a fraction above 0 and up to 1, for example 0.1");
  }

  private static int maxTemplates(String text) {
    if (text.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= Scope.MOST_TEMPLATES) {
        return number;
      }
    }
    throw new IllegalArgumentException("a whole number from 1 to " + Scope.MOST_TEMPLATES);
  }

  private static String logLevel(String text) {
    String level = text.toLowerCase(Locale.ROOT);
    if (!LOG_LEVELS.contains(level)) {
      throw new IllegalArgumentException(String.join(", ", LOG_LEVELS));
    }
    return level;
  }
}
