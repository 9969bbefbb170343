package io.deployments.exporter.backfill;

import io.deployments.exporter.metrics.DeploymentFamily;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/** The series of one output file, by family. */
final class HistoryPart {

  private final Steps steps;
  private final Map<String, String> externalLabels;
  private final Spool spool;
  private final Map<DeploymentFamily, Map<String, Series>> families = new LinkedHashMap<>();

  /**
   * A part without series.
   *
   * @param externalLabels labels that every series gets, such as {@code job}
   */
  HistoryPart(Steps steps, Map<String, String> externalLabels, Spool spool) {
    this.steps = steps;
    this.externalLabels = externalLabels;
    this.spool = spool;
  }

  Steps steps() {
    return steps;
  }

  /** The series of the given labels; a new one if there is none yet. */
  Series series(DeploymentFamily family, Figure figure, Map<String, String> labels) {
    String name = name(family, labels);
    return families
        .computeIfAbsent(family, f -> new LinkedHashMap<>())
        .computeIfAbsent(name, n -> new Series(n, figure, spool));
  }

  private String name(DeploymentFamily family, Map<String, String> labels) {
    SortedMap<String, String> all = new TreeMap<>(externalLabels);
    all.putAll(labels);
    if (all.isEmpty()) {
      return family.name();
    }
    StringBuilder name = new StringBuilder(family.name());
    char separator = '{';
    for (Map.Entry<String, String> label : all.entrySet()) {
      String value =
          label.getValue().replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
      name.append(separator).append(label.getKey()).append("=\"").append(value).append('"');
      separator = ',';
    }
    return name.append('}').toString();
  }

  /** How many series there are. */
  int size() {
    return families.values().stream().mapToInt(Map::size).sum();
  }

  /**
   * Gives everything to the sink.
   *
   * @param written is told from time to time which share is done
   * @throws IOException of the temporary file or the sink
   */
  void replay(SampleSink sink, DoubleConsumer written) throws IOException {
    int done = 0;
    for (Map.Entry<DeploymentFamily, Map<String, Series>> family : families.entrySet()) {
      sink.family(family.getKey());
      for (Series series : family.getValue().values()) {
        series.replay(steps.count(), sink);
        written.accept(++done / (double) size());
      }
    }
    sink.end();
  }
}
