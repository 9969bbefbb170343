package io.deployments.exporter.bench;

import io.deployments.exporter.metrics.DeploymentCollector;
import io.deployments.exporter.metrics.FamiliesText;
import io.deployments.exporter.snapshot.Aggregates;
import io.deployments.exporter.snapshot.DeploymentCount;
import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.Scope;
import io.deployments.exporter.snapshot.Snapshot;
import io.deployments.exporter.snapshot.TemplateProjects;
import io.deployments.exporter.snapshot.Window;
import io.deployments.exporter.snapshot.WindowCounts;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What happens in the process once per snapshot, and would happen for every scrape if nothing were
 * kept: snapshot to families, families to a page.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PageBenchmark {

  private static final List<Window> WINDOWS = Window.ALWAYS;

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Snapshot snapshot = snapshot();
  private final MetricSnapshots families = families(snapshot);

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
        new Aggregates(moment, deployments, networks, counts, templates),
        new Scope(List.of("metis", "hyperion"), WINDOWS, 100));
  }

  private static MetricSnapshots families(Snapshot snapshot) {
    return new DeploymentCollector(() -> Optional.of(snapshot)).collect();
  }

  /** Snapshot to families. */
  @Benchmark
  public MetricSnapshots families() {
    return families(snapshot);
  }

  /** Families to Prometheus' text format. */
  @Benchmark
  public byte[] text() throws IOException {
    return written(formats.getPrometheusTextFormatWriter());
  }

  /** Families to OpenMetrics. */
  @Benchmark
  public byte[] openMetrics() throws IOException {
    return written(formats.getOpenMetricsTextFormatWriter());
  }

  /** Families to protocol buffers. */
  @Benchmark
  public byte[] protobuf() throws IOException {
    return written(formats.getPrometheusProtobufWriter());
  }

  /** Families to OpenMetrics, compressed. */
  @Benchmark
  public byte[] openMetricsGzip() throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try (GZIPOutputStream compressed = new GZIPOutputStream(page)) {
      compressed.write(openMetrics());
    }
    return page.toByteArray();
  }

  private byte[] written(ExpositionFormatWriter format) throws IOException {
    return FamiliesText.of(families, format);
  }
}
