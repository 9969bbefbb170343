package io.deployments.exporter.backfill;

import io.deployments.exporter.testing.Exposition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * A file of history, read by other code than wrote it, and strictly: families and series stand
 * together, their samples are in order of time, and it ends as OpenMetrics has to.
 *
 * @param samples pages by moment in Unix seconds, each series with its value as text
 * @param headers the TYPE and HELP lines
 */
record History(Map<Long, Map<String, String>> samples, Set<String> headers) {

  static History parse(byte[] file) {
    return parse(file, time -> true);
  }

  /** Reads everything, and keeps the samples of some moments. */
  static History parse(byte[] file, LongPredicate wanted) {
    String text = new String(file, StandardCharsets.UTF_8);
    if (!text.endsWith("\n# EOF\n")) {
      throw new IllegalArgumentException("Has no end");
    }
    Map<Long, Map<String, String>> samples = new TreeMap<>();
    Set<String> headers = new HashSet<>();
    Set<String> seen = new HashSet<>();
    String family = "";
    String series = "";
    long last = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.startsWith("#")) {
        if (!headers.add(line)) {
          throw new IllegalArgumentException("Twice: " + line);
        }
        family = line.startsWith("# TYPE ") ? line.split(" ")[2] : family;
        continue;
      }
      int timeAt = line.lastIndexOf(' ');
      int valueAt = line.lastIndexOf(' ', timeAt - 1);
      String name = line.substring(0, valueAt);
      long time = Long.parseLong(line.substring(timeAt + 1));
      if (!name.equals(series)) {
        if (!seen.add(name) || !name.replaceFirst("\\{.*", "").equals(family)) {
          throw new IllegalArgumentException("Out of place: " + line);
        }
        series = name;
      } else if (time <= last) {
        throw new IllegalArgumentException("Out of order: " + line);
      }
      last = time;
      if (wanted.test(time)) {
        samples
            .computeIfAbsent(time, t -> new HashMap<>())
            .put(name, line.substring(valueAt + 1, timeAt));
      }
    }
    return new History(samples, headers);
  }

  /** All series at one moment. */
  Map<Exposition.Series, Double> at(long second) {
    StringBuilder page = new StringBuilder();
    samples
        .getOrDefault(second, Map.of())
        .forEach((series, value) -> page.append(series).append(' ').append(value).append('\n'));
    return Exposition.parse(page.toString()).samples();
  }
}
