package io.deployments.exporter.http;

import io.deployments.exporter.metrics.DeploymentCollector;
import io.deployments.exporter.metrics.FamiliesText;
import io.deployments.exporter.metrics.MeterText;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code /metrics} in the format and the compression that the client likes best, all of it or the
 * families that {@code name[]} names.
 *
 * <p>What refreshes say comes first: the deployment families, and what the exporter says of itself.
 * It changes when a refresh ends and when figures become too old, and is written only then. What
 * Micrometer's meters say is read for every scrape.
 *
 * <p>The client library's own handler takes OpenMetrics from whoever mentions it, even to refuse
 * it, and for {@code name[]} whatever family's name the given one begins with.
 */
public final class MetricsPage implements Handler {

  /** What the samples of a family may have behind its name. */
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|created|info|sum|total)$");

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /**
   * Pages are written in the order of the scrapes, no more at once than there are processors:
   * virtual threads alone let some scrapes wait for seconds when there are many.
   */
  private final Semaphore turns = new Semaphore(PROCESSORS, true);

  private final PrometheusRegistry own;
  private final DeploymentCollector deployments;
  private final MeterText meters;
  private final Preferences accepted = new Preferences("Accept");
  private final Preferences acceptedEncodings = new Preferences("Accept-Encoding");
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final AtomicInteger refreshes = new AtomicInteger();
  private final Map<ExpositionFormatWriter, Refreshed> rendered = new ConcurrentHashMap<>();

  /** What refreshes said, and of how many refreshes and which deployments that is. */
  private record Refreshed(int refreshes, MetricSnapshots deployments, RenderedFamilies families) {

    /** Whether it is these families, and not only equal ones. */
    @SuppressWarnings("ReferenceEquality") // Equality would cost as much as writing them again.
    boolean isOf(int refreshesNow, MetricSnapshots deploymentsNow) {
      return refreshes == refreshesNow && deployments == deploymentsNow;
    }
  }

  /**
   * A page.
   *
   * @param own what the exporter says of itself; may only change in {@link #publish}
   * @param meters all else
   */
  public MetricsPage(PrometheusRegistry own, DeploymentCollector deployments, MeterText meters) {
    this.own = own;
    this.deployments = deployments;
    this.meters = meters;
  }

  /**
   * Takes over how a refresh ended while no page is being written, so that a page has all of it or
   * nothing; then writes it in the formats that were asked for before, so that scrapes seldom have
   * to.
   *
   * @param changes all that the refresh changes
   */
  public void publish(Runnable changes) {
    turns.acquireUninterruptibly(PROCESSORS);
    try {
      changes.run();
      refreshes.incrementAndGet();
    } finally {
      turns.release(PROCESSORS);
    }
    rendered.keySet().forEach(format -> families(format).deflated());
  }

  /** Answers a scrape. */
  @Override
  public void handle(Context context) throws IOException {
    ExpositionFormatWriter format = format(accepted.of(context));
    boolean gzip = gzip(acceptedEncodings.of(context));
    List<String> names = context.queryParams("name[]");
    byte[] page;
    turns.acquireUninterruptibly();
    try {
      page = write(format, names, gzip);
    } finally {
      turns.release();
    }
    context
        .header("Content-Type", format.getContentType())
        .header("Vary", "Accept, Accept-Encoding");
    if (gzip) {
      context.header("Content-Encoding", "gzip");
    }
    context.res().setContentLength(page.length);
    context.res().getOutputStream().write(page);
  }

  private byte[] write(ExpositionFormatWriter format, List<String> names, boolean gzip) {
    boolean all = names.isEmpty();
    RenderedFamilies first = all ? families(format) : RenderedFamilies.of(chosen(names), format);
    byte[] second = all ? meters.in(format) : new byte[0];
    byte[] ending = FamiliesText.ending(format);
    if (gzip) {
      return GzipPage.of(first, second, ending);
    }
    return ByteBuffer.allocate(first.text().length + second.length + ending.length)
        .put(first.text())
        .put(second)
        .put(ending)
        .array();
  }

  /** What refreshes say; two scrapes at once may both write it, and either result is right. */
  private RenderedFamilies families(ExpositionFormatWriter format) {
    // Before collecting: what changes meanwhile makes the result an old one.
    int refreshesNow = refreshes.get();
    MetricSnapshots deploymentsNow = deployments.collect();
    Refreshed last = rendered.get(format);
    if (last == null || !last.isOf(refreshesNow, deploymentsNow)) {
      MetricSnapshots all =
          new MetricSnapshots(
              Stream.of(deploymentsNow, own.scrape()).flatMap(MetricSnapshots::stream).toList());
      last = new Refreshed(refreshesNow, deploymentsNow, RenderedFamilies.of(all, format));
      rendered.put(format, last);
    }
    return last.families();
  }

  private ExpositionFormatWriter format(List<String> accepted) {
    for (String value : accepted) {
      switch (Preferences.type(value)) {
        case "application/vnd.google.protobuf" -> {
          // Also has encodings that are text, for people.
          if (value.contains("io.prometheus.client.metricfamily")
              && value.contains("encoding=delimited")) {
            return formats.getPrometheusProtobufWriter();
          }
        }
        case "application/openmetrics-text" -> {
          return formats.getOpenMetricsTextFormatWriter();
        }
        case "text/plain", "text/*", "*/*" -> {
          return formats.getPrometheusTextFormatWriter();
        }
        default -> {
          // The next one.
        }
      }
    }
    return formats.getPrometheusTextFormatWriter();
  }

  private static boolean gzip(List<String> accepted) {
    for (String encoding : accepted) {
      switch (encoding) {
        case "gzip", "x-gzip" -> {
          return true;
        }
        case "identity" -> {
          return false;
        }
        default -> {
          // The next one.
        }
      }
    }
    return false;
  }

  /** The families with one of these names, or with a sample of one of these names. */
  private MetricSnapshots chosen(List<String> names) {
    Set<String> families = new HashSet<>(names);
    names.forEach(name -> families.add(SUFFIX.matcher(name).replaceFirst("")));
    MetricSnapshots.Builder chosen = MetricSnapshots.builder();
    Stream.of(deployments.collect(), own.scrape(), meters.registry().scrape())
        .flatMap(MetricSnapshots::stream)
        .filter(family -> families.contains(family.getMetadata().getPrometheusName()))
        .forEach(chosen::metricSnapshot);
    return chosen.build();
  }
}
