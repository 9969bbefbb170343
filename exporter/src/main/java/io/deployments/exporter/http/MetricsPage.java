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
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

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

  /** The most bytes that are sent in one go: the JVM copies them for the operating system. */
  private static final int PIECE = 1 << 20;

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
  private final ReentrantLock writing = new ReentrantLock();

  /** What refreshes said, and of how many refreshes and which deployments that is. */
  private record Refreshed(
      int refreshes, MetricSnapshots deployments, Optional<RenderedFamilies> families) {

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
    List.copyOf(rendered.keySet())
        .forEach(format -> families(format).ifPresent(RenderedFamilies::deflated));
  }

  /** Answers a scrape. */
  @Override
  public void handle(Context context) throws IOException {
    ExpositionFormatWriter format = format(accepted.of(context));
    boolean gzip = gzip(acceptedEncodings.of(context));
    List<String> names = context.queryParams("name[]");
    Optional<List<byte[]>> page;
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
    if (page.isPresent()) {
      send(page.get(), context.res());
    } else {
      stream(chosen(names), format, gzip, context.res().getOutputStream());
    }
  }

  /**
   * Writes a page that is too long for memory as it is sent, in nobody's turn: that may take long.
   */
  private static void stream(
      MetricSnapshots families, ExpositionFormatWriter format, boolean gzip, OutputStream out)
      throws IOException {
    if (gzip) {
      GZIPOutputStream compressed = new GZIPOutputStream(out);
      format.write(compressed, families);
      compressed.finish();
    } else {
      format.write(out, families);
    }
  }

  /**
   * A short page in one go, as that takes least time. A long one in pieces that are not copied for
   * this scrape: as many clients as come hold no more memory than one.
   */
  private static void send(List<byte[]> page, HttpServletResponse response) throws IOException {
    int length = page.stream().mapToInt(part -> part.length).sum();
    response.setContentLength(length);
    OutputStream out = response.getOutputStream();
    if (length <= PIECE) {
      ByteBuffer whole = ByteBuffer.allocate(length);
      page.forEach(whole::put);
      out.write(whole.array());
      return;
    }
    for (byte[] part : page) {
      for (int from = 0; from < part.length; from += PIECE) {
        out.write(part, from, Math.min(PIECE, part.length - from));
      }
    }
  }

  /** The page in parts; empty if it is too long to be held. */
  private Optional<List<byte[]>> write(
      ExpositionFormatWriter format, List<String> names, boolean gzip) {
    boolean all = names.isEmpty();
    byte[] second = all ? meters.in(format) : new byte[0];
    byte[] ending = FamiliesText.ending(format);
    return (all ? families(format) : RenderedFamilies.of(chosen(names), format))
        .map(
            first ->
                gzip ? GzipPage.of(first, second, ending) : List.of(first.text(), second, ending));
  }

  /** What refreshes say, written by the first who asks. */
  private Optional<RenderedFamilies> families(ExpositionFormatWriter format) {
    // Before collecting: what changes meanwhile makes the result an old one.
    int refreshesNow = refreshes.get();
    MetricSnapshots deploymentsNow = deployments.collect();
    Refreshed last = rendered.get(format);
    return last != null && last.isOf(refreshesNow, deploymentsNow)
        ? last.families()
        : newFamilies(format, refreshesNow, deploymentsNow);
  }

  /** One at a time: to write a long page takes twice the memory that it has in the end. */
  private Optional<RenderedFamilies> newFamilies(
      ExpositionFormatWriter format, int refreshesNow, MetricSnapshots deploymentsNow) {
    writing.lock();
    try {
      Refreshed last = rendered.get(format);
      if (last == null || !last.isOf(refreshesNow, deploymentsNow)) {
        // The old page goes first.
        rendered.remove(format);
        MetricSnapshots all =
            new MetricSnapshots(
                Stream.of(deploymentsNow, own.scrape()).flatMap(MetricSnapshots::stream).toList());
        last = new Refreshed(refreshesNow, deploymentsNow, RenderedFamilies.of(all, format));
        rendered.put(format, last);
      }
      return last.families();
    } finally {
      writing.unlock();
    }
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

  /** The families with one of these names, or with a sample of one of these names; or all. */
  private MetricSnapshots chosen(List<String> names) {
    Set<String> families = new HashSet<>(names);
    names.forEach(name -> families.add(SUFFIX.matcher(name).replaceFirst("")));
    MetricSnapshots.Builder chosen = MetricSnapshots.builder();
    Stream.of(deployments.collect(), own.scrape(), meters.registry().scrape())
        .flatMap(MetricSnapshots::stream)
        .filter(
            family ->
                names.isEmpty() || families.contains(family.getMetadata().getPrometheusName()))
        .forEach(chosen::metricSnapshot);
    return chosen.build();
  }
}
