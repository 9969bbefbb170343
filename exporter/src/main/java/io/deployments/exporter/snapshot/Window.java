package io.deployments.exporter.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A trailing period. Its name is part of the metric names: window {@code 30d} gives {@code
 * deployments_30d}.
 *
 * @param name as written, {@code <n>(m|h|d)}, for example {@code 24h}
 * @param length the same as a duration; a day is 24 hours
 */
public record Window(String name, Duration length) implements Comparable<Window> {

  // Before ALWAYS, whose initializer needs them.
  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,6})([mhd])");
  private static final Duration LONGEST = Duration.ofDays(3650);

  /** The windows that rules, panels and the API rely on; always published, shortest first. */
  public static final List<Window> ALWAYS =
      List.of(parse("1h"), parse("24h"), parse("7d"), parse("30d"));

  /** How many windows a snapshot may have; the SQL files have this many count columns. */
  public static final int AT_MOST = 8;

  /**
   * Reads a window as a person writes it.
   *
   * @throws IllegalArgumentException if the text is no {@code <n>(m|h|d)} between one minute and
   *     ten years
   */
  public static Window parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration length =
          switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      if (length.compareTo(LONGEST) <= 0) {
        return new Window(text, length);
      }
    }
    throw new IllegalArgumentException(
        "a window is a whole number and m, h or d, up to 3650d, for example 14d");
  }

  /** The earliest {@code created_at} that still counts at the given moment. */
  public Instant start(Instant moment) {
    return moment.minus(length);
  }

  /** Shortest first. */
  @Override
  public int compareTo(Window other) {
    return length.compareTo(other.length);
  }
}
