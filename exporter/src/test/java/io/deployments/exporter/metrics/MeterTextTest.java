package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.api.Api;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.Deadline;
import io.deployments.exporter.http.HttpServer;
import io.deployments.exporter.http.MetricsPage;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.TestDatabase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client library says what is right. */
class MeterTextTest {

  private static final String ODD = "say \"hi\" \\ to\nall\r\t🚀 é \\n";

  private final MockClock clock = new MockClock();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
  private final MeterText text = new MeterText(meters);

  static Stream<ExpositionFormatWriter> formats() {
    ExpositionFormats formats = ExpositionFormats.init();
    return Stream.of(
        formats.getPrometheusTextFormatWriter(), formats.getOpenMetricsTextFormatWriter());
  }

  private String next(ExpositionFormatWriter format) {
    return new String(text.in(format), StandardCharsets.UTF_8);
  }

  /** Fails unless the next page is, byte for byte, what the library writes. */
  private void assertSame(ExpositionFormatWriter format) throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    format.write(expected, meters.getPrometheusRegistry().scrape());
    String ending = new String(FamiliesText.ending(format), StandardCharsets.UTF_8);
    assertThat(next(format) + ending).isEqualTo(expected.toString(StandardCharsets.UTF_8));
  }

  private void assertSameWhenRead(ExpositionFormatWriter format) throws IOException {
    text.in(format);
    assertThat(text.isReadDirectly(format)).isTrue();
    assertSame(format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyKindOfMeterIsWrittenAsTheLibraryWritesIt(ExpositionFormatWriter format)
      throws IOException {
    double[] values = {
      0,
      -0.0,
      1,
      -1.5,
      0.1,
      1e7,
      1e-3,
      123_456_789,
      1.7e308,
      Double.MIN_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      Gauge.builder("some.gauge", () -> value)
          .tags("number", "" + i, "odd", ODD, "a.dotted-key", "")
          .description("Of " + ODD)
          .register(meters);
    }
    Gauge.builder("untold", () -> 3).register(meters);
    Gauge.builder("size", () -> 1024).baseUnit("bytes").register(meters);
    Gauge.builder("what.info", () -> 7).tag("version", ODD).register(meters);
    Gauge.builder("gone", (Double) null, Double::doubleValue).register(meters);
    TimeGauge.builder("age", () -> 90_000, TimeUnit.MILLISECONDS).register(meters);
    Counter.builder("events").tag("kind", "a").register(meters).increment(2.5);
    Counter.builder("events").tag("kind", "b").register(meters);
    Counter.builder("named.total").register(meters).increment();
    FunctionCounter.builder("functions", this, test -> 12).baseUnit("ns").register(meters);
    Timer timer = Timer.builder("work").tag("odd", ODD).register(meters);
    timer.record(Duration.ofMillis(1_250));
    timer.record(Duration.ofNanos(1));
    LongTaskTimer tasks = LongTaskTimer.builder("tasks").description("Open.").register(meters);
    tasks.start();
    clock.add(Duration.ofSeconds(3));
    tasks.start();
    assertSameWhenRead(format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void anyLabelIsWrittenAsTheLibraryWritesIt(ExpositionFormatWriter format) throws IOException {
    long seed = System.nanoTime();
    System.out.println("Random label values with seed " + seed);
    Random random = new Random(seed);
    String alphabet = "ab \"\\\n\r\t{}=,#🚀é\u0000";
    for (int i = 0; i < 1_000; i++) {
      StringBuilder value = new StringBuilder();
      random
          .ints(random.nextInt(8), 0, alphabet.codePointCount(0, alphabet.length()))
          .map(n -> alphabet.codePointAt(alphabet.offsetByCodePoints(0, n)))
          .forEach(value::appendCodePoint);
      Gauge.builder("gauge", () -> 1).tags("n", "" + i, "value", value + "").register(meters);
    }
    assertSameWhenRead(format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void whatChangesIsSeen(ExpositionFormatWriter format) throws IOException {
    AtomicReference<Double> value = new AtomicReference<>(1.0);
    Gauge.builder("gauge", value::get).register(meters);
    assertSame(format);
    value.set(2.0);
    assertSame(format);
    Timer first = meters.timer("timer", "status", "200");
    first.record(Duration.ofSeconds(1));
    assertSame(format);
    meters.timer("timer", "status", "500").record(Duration.ofSeconds(2));
    first.record(Duration.ofSeconds(3));
    assertSame(format);
    meters.remove(first);
    assertSame(format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void whatCannotBeReadByItselfIsLeftToTheLibrary(ExpositionFormatWriter format)
      throws IOException {
    Gauge.builder("gauge", () -> 1).register(meters);
    assertSameWhenRead(format);
    Timer percentiles = Timer.builder("timer").publishPercentiles(0.5).register(meters);
    percentiles.record(Duration.ofSeconds(1));
    assertSame(format);
    assertThat(text.isReadDirectly(format)).isFalse();
    percentiles.record(Duration.ofSeconds(2));
    assertSame(format);
    meters.remove(percentiles);
    assertSameWhenRead(format);
    DistributionSummary.builder("sizes").register(meters).record(4);
    assertSame(format);
    assertThat(text.isReadDirectly(format)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aNameThatTwoMetersHaveIsLeftToTheLibrary(ExpositionFormatWriter format) throws IOException {
    Gauge.builder("some.gauge", () -> 1).register(meters);
    // The library keeps it out, and the registry doesn't.
    Gauge.builder("some_gauge", () -> 2).register(meters);
    text.in(format);
    assertThat(text.isReadDirectly(format)).isFalse();
    assertSame(format);
    assertThat(next(format)).contains("some_gauge 1.0\n");
  }

  @ParameterizedTest
  @MethodSource("formats")
  void metersComeAndGoWhilePagesAreRead(ExpositionFormatWriter format) throws Exception {
    Gauge.builder("steady", () -> 1).register(meters);
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> pages =
          reader.submit(
              () -> {
                int read = 0;
                for (; !over.get(); read++) {
                  assertThat(next(format)).contains("\nsteady 1.0\n");
                }
                return read;
              });
      for (int i = 0; i < 2_000; i++) {
        Timer timer = meters.timer("timer", "number", Integer.toString(i));
        String sample = "timer_seconds_count{number=\"" + i + "\"} ";
        assertThat(next(format)).contains(sample + "0");
        timer.record(Duration.ofSeconds(1));
        assertThat(next(format)).contains(sample + "1");
        meters.remove(timer);
        assertThat(next(format)).doesNotContain("timer_seconds_count");
      }
      over.set(true);
      assertThat(pages.get()).isPositive();
    } finally {
      over.set(true);
      reader.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void noMetersAreAnEmptyPage(ExpositionFormatWriter format) throws IOException {
    assertSame(format);
    assertSame(format);
  }

  @Test
  void allMetersOfTheExporterAreReadDirectly() throws IOException {
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql");
        RuntimeMetrics runtime = new RuntimeMetrics(meters);
        Database database =
            new Database(
                postgres.settings().database(), postgres.settings().refresh().timeout(), meters)) {
      database.begin(Deadline.in(Duration.ofSeconds(10))).close();
      scrapeOverHttp(postgres.settings(), database);
      System.gc();
      for (ExpositionFormatWriter format : formats().toList()) {
        // The JVM tells of a collection when it gets round to it, and then there is a new timer.
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        boolean direct;
        do {
          text.in(format);
          direct = text.isReadDirectly(format);
        } while (!direct && System.nanoTime() < deadline);
        assertThat(direct).isTrue();
        assertThat(next(format))
            .contains(
                "\njvm_memory_used_bytes{",
                "\nprocess_cpu_usage ",
                "\nhikaricp_connections{",
                "\njetty_threads_busy ",
                "\njetty_server_requests_seconds_count{");
      }
      assertThat(runtime).isNotNull();
    }
  }

  private void scrapeOverHttp(Settings settings, Database database) {
    DeploymentCollector deployments = new DeploymentCollector(Optional::empty);
    CurrentSnapshot current =
        new CurrentSnapshot(settings.refresh(), settings.scope().windows(), InstantSource.system());
    try (Api api = new Api(settings, current, database);
        HttpServer server =
            new HttpServer(
                settings.listenAddress(),
                settings.webConfig(),
                current,
                api,
                BuildInfo.load(),
                new MetricsPage(new PrometheusRegistry(), deployments, text),
                meters)) {
      server.start();
      ExporterClient client = new ExporterClient("http://127.0.0.1:" + server.port());
      client.get("/metrics");
      client.get("/no/such/page");
    }
  }
}
