package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.StateSet;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client library's own writers say what is right. */
class FamiliesTextTest {

  private static final String ODD = "say \"hi\" \\ to\nall\r\t🚀 é \\n";

  static Stream<ExpositionFormatWriter> formats() {
    ExpositionFormats formats = ExpositionFormats.init();
    return Stream.of(
        formats.getPrometheusTextFormatWriter(),
        formats.getOpenMetricsTextFormatWriter(),
        formats.getPrometheusProtobufWriter());
  }

  /** Fails unless the page is, byte for byte, what the library writes. */
  static void assertSame(MetricSnapshots families, ExpositionFormatWriter format)
      throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    format.write(expected, families);
    ByteArrayOutputStream actual = new ByteArrayOutputStream();
    actual.writeBytes(FamiliesText.of(families, format));
    actual.writeBytes(FamiliesText.ending(format));
    assertThat(actual.toString(StandardCharsets.UTF_8))
        .isEqualTo(expected.toString(StandardCharsets.UTF_8));
    assertThat(actual.toByteArray()).isEqualTo(expected.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyTypeAndValueIsWrittenAsTheLibraryWritesIt(ExpositionFormatWriter format)
      throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    Gauge gauge =
        Gauge.builder()
            .withoutExemplars()
            .name("gauge")
            .help(ODD)
            .labelNames("a", "b")
            .register(registry);
    double[] values = {
      0,
      -0.0,
      1,
      -1.5,
      1e7,
      1e-3,
      123456789.25,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
    };
    for (double value : values) {
      gauge.labelValues(ODD, Double.toString(value)).set(value);
    }
    Gauge.builder().withoutExemplars().name("untold").register(registry).set(3);
    Gauge.builder()
        .withoutExemplars()
        .name("no_series")
        .help("None.")
        .labelNames("a")
        .register(registry);
    Counter.builder()
        .withoutExemplars()
        .name("plain_total")
        .help("Plain.")
        .register(registry)
        .inc(2);
    Counter.builder()
        .withoutExemplars()
        .name("sent")
        .unit(Unit.BYTES)
        .help("With a unit.")
        .labelNames("to")
        .register(registry)
        .labelValues("")
        .inc(1e10);
    Info.builder()
        .name("build_info")
        .help("About.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(ODD);
    Summary.builder()
        .withoutExemplars()
        .name("short_summary")
        .help("Short.")
        .register(registry)
        .observe(0.25);
    Summary summary =
        Summary.builder()
            .withoutExemplars()
            .name("long_summary")
            .help("Long.")
            .labelNames("kind")
            .quantile(0.5)
            .quantile(0.99)
            .maxAgeSeconds(Duration.ofHours(1).toSeconds())
            .register(registry);
    Histogram.builder()
        .withoutExemplars()
        .name("short_histogram")
        .help("Short.")
        .classicUpperBounds(1)
        .classicOnly()
        .register(registry)
        .observe(2);
    Histogram histogram =
        Histogram.builder()
            .withoutExemplars()
            .name("long_histogram")
            .help("Long.")
            .unit(Unit.SECONDS)
            .labelNames("kind")
            .classicUpperBounds(0.005, 0.5, 5)
            .classicOnly()
            .register(registry);
    for (int i = 0; i < 100; i++) {
      summary.labelValues("a" + i % 3).observe(i / 10.0);
      histogram.labelValues("a" + i % 3).observe(i / 10.0);
    }
    assertSame(registry.scrape(), format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void whatTheLibrariesSayOfTheProcessIsWrittenAsTheyWriteIt(ExpositionFormatWriter format)
      throws IOException {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RuntimeMetrics runtime = new RuntimeMetrics(meters);
    try {
      meters.timer("requests", "status", "200").record(Duration.ofMillis(30));
      assertSame(meters.getPrometheusRegistry().scrape(), format);
    } finally {
      runtime.close();
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void anyLabelIsWrittenAsTheLibraryWritesIt(ExpositionFormatWriter format) throws IOException {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    System.out.println("Labels as the library writes them: -Dfuzz.seed=" + seed);
    Random random = new Random(seed);
    String characters = "ab\\\"\n\r\t {},=#é\u0000\u2028🚀";
    int[] points = characters.codePoints().toArray();
    PrometheusRegistry registry = new PrometheusRegistry();
    Gauge gauge =
        Gauge.builder().withoutExemplars().name("gauge").labelNames("a", "b").register(registry);
    for (int i = 0; i < 2_000; i++) {
      String[] labels = new String[2];
      for (int j = 0; j < labels.length; j++) {
        StringBuilder label = new StringBuilder();
        int length = random.nextInt(9);
        for (int k = 0; k < length; k++) {
          label.appendCodePoint(points[random.nextInt(points.length)]);
        }
        labels[j] = label.toString();
      }
      gauge.labelValues(labels).set(random.nextGaussian());
    }
    assertSame(registry.scrape(), format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void nothingIsAnEmptyPage(ExpositionFormatWriter format) throws IOException {
    assertSame(MetricSnapshots.of(), format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void whatNoFamilyHasIsLeftToTheLibrary(ExpositionFormatWriter format) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    Gauge.builder().withoutExemplars().name("before").help("One.").register(registry).set(1);
    StateSet.builder().name("flags").help("On.").states("on").register(registry).setTrue("on");
    Histogram.builder()
        .withoutExemplars()
        .name("native")
        .nativeOnly()
        .register(registry)
        .observe(2);
    Gauge.builder().withoutExemplars().name("something_after").register(registry).set(1);
    MetricSnapshots.Builder families = MetricSnapshots.builder();
    registry.scrape().forEach(families::metricSnapshot);
    families.metricSnapshot(
        SummarySnapshot.builder()
            .name("of_nothing")
            .dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder().build())
            .build());
    families.metricSnapshot(
        SummarySnapshot.builder()
            .name("of_sum")
            .dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder().sum(2).build())
            .build());
    assertSame(families.build(), format);
  }
}
