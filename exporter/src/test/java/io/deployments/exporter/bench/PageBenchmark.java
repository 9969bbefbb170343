package io.deployments.exporter.bench;

import io.deployments.exporter.metrics.DeploymentCollector;
import io.deployments.exporter.metrics.FamiliesText;
import io.deployments.exporter.metrics.MeterText;
import io.deployments.exporter.metrics.RuntimeMetrics;
import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.Deployments;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.TemplateProjects;
import io.deployments.exporter.snapshot.Window;
import io.deployments.exporter.snapshot.WindowCounts;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What happens in the process: once per snapshot, which is turned into families and these into a
 * page, and for every scrape, for which the meters are read.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class PageBenchmark {

  private static final List<Window> WINDOWS = Window.ALWAYS;

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Snapshot snapshot = snapshot();
  private final MetricSnapshots families = families(snapshot);
  private final MeterText meterText = meterText();

  /** 12 templates on 2 networks with 3 statuses. */
  private static Snapshot snapshot() {
    Instant moment = Instant.parse("2026-03-01T12:00:00Z");
    WindowCounts counts = new WindowCounts(WINDOWS.stream().map(w -> 12_345L).toList());
    List<DeploymentCount> deployments = new ArrayList<>();
    List<TemplateProjects> templates = new ArrayList<>();
    List<NetworkProjects> networks = new ArrayList<>();
    for (String network : List.of("metis", "hyperion")) {
      networks.add(new NetworkProjects(network, counts));
      for (int i = 0; i < 12; i++) {
        String template = "template-" + i;
        templates.add(new TemplateProjects(network, template, counts));
        for (String status : List.of("success", "failed", "pending")) {
          deployments.add(
              new DeploymentCount(
                  network, template, status, counts, Optional.of(moment.minusSeconds(i))));
        }
      }
    }
    return Snapshot.of(
        new Aggregates(moment, new Deployments(deployments, Map.of()), networks, counts, templates),
        new Scope(List.of("metis", "hyperion"), WINDOWS, 100));
  }

  private static MetricSnapshots families(Snapshot snapshot) {
    return new DeploymentCollector(() -> Optional.of(snapshot)).collect();
  }

  private static MeterText meterText() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // Listens for garbage collections until the process ends.
    new RuntimeMetrics(meters);
    return new MeterText(meters);
  }

  /** Snapshot to families. */
  @Benchmark
  public MetricSnapshots families() {
    return families(snapshot);
  }

  /** Families to Prometheus' text format. */
  @Benchmark
  public byte[] text() {
    return written(formats.getPrometheusTextFormatWriter());
  }

  /** Families to protocol buffers. */
  @Benchmark
  public byte[] protobuf() {
    return written(formats.getPrometheusProtobufWriter());
  }

  /** The meters of the JVM and the process to OpenMetrics, as for every scrape. */
  @Benchmark
  public byte[] meters() {
    return meterText.in(formats.getOpenMetricsTextFormatWriter());
  }

  /** The same, as the client library does it. */
  @Benchmark
  public byte[] metersOfLibrary() {
    return FamiliesText.of(meterText.registry().scrape(), formats.getOpenMetricsTextFormatWriter());
  }

  private byte[] written(ExpositionFormatWriter format) {
    return FamiliesText.of(families, format);
  }
}
