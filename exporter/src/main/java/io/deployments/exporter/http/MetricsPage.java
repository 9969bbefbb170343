package io.deployments.exporter.http;

import io.deployments.exporter.metrics.DeploymentCollector;
import io.deployments.exporter.metrics.FamiliesText;
import io.deployments.exporter.metrics.MeterText;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

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

  /**
   * Pages are written in the order of the scrapes, no more at once than there are processors:
   * virtual threads alone let some scrapes wait for seconds when there are many.
   */
  private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  private final PrometheusRegistry registry;
  private final DeploymentCollector deployments;
  private final MeterText meters;
  private final Preferences accepted = new Preferences("Accept");
  private final Preferences acceptedEncodings = new Preferences("Accept-Encoding");
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final AtomicInteger refreshes = new AtomicInteger();
  private final Map<ExpositionFormatWriter, Refreshed> rendered = new ConcurrentHashMap<>();

  /** What refreshes said, up to one of them, and which deployments that has. */
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
   * @param registry with what changes before {@link #refreshed()} is called, and at no other time,
   *     except that deployments may become too old
   * @param deployments registered there as well
   * @param meters all else
   */
  public MetricsPage(
      PrometheusRegistry registry, DeploymentCollector deployments, MeterText meters) {
    this.registry = registry;
    this.deployments = deployments;
    this.meters = meters;
  }

  /**
   * To be told when a refresh has ended, with all that it changes. Writes that in the formats that
   * were asked for before, so that no scrape has to.
   */
  public void refreshed() {
    refreshes.incrementAndGet();
    rendered.forEach(
        (format, before) -> {
          try {
            RenderedFamilies now = families(format);
            if (before.families().isDeflated()) {
              now.deflated();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
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

  private byte[] write(ExpositionFormatWriter format, List<String> names, boolean gzip)
      throws IOException {
    RenderedFamilies first =
        names.isEmpty() ? families(format) : RenderedFamilies.of(chosen(names), format);
    byte[] second = names.isEmpty() ? meters.in(format) : new byte[0];
    byte[] ending = FamiliesText.ending(format);
    if (gzip) {
      return GzipPage.of(first, second, ending);
    }
    ByteArrayOutputStream page =
        new ByteArrayOutputStream(first.text().length + second.length + ending.length);
    page.writeBytes(first.text());
    page.writeBytes(second);
    page.writeBytes(ending);
    return page.toByteArray();
  }

  /** What refreshes say; two scrapes at once may both write it, with the same result. */
  private RenderedFamilies families(ExpositionFormatWriter format) throws IOException {
    // Before collecting: what changes meanwhile makes the result an old one.
    int refreshesNow = refreshes.get();
    MetricSnapshots deploymentsNow = deployments.collect();
    Refreshed last = rendered.get(format);
    if (last == null || !last.isOf(refreshesNow, deploymentsNow)) {
      last =
          new Refreshed(
              refreshesNow, deploymentsNow, RenderedFamilies.of(registry.scrape(), format));
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
    return accepted.stream()
        .filter(encoding -> List.of("gzip", "x-gzip", "identity").contains(encoding))
        .findFirst()
        .filter(encoding -> !encoding.equals("identity"))
        .isPresent();
  }

  /** The families with one of these names, or with a sample of one of these names. */
  private MetricSnapshots chosen(List<String> names) {
    Set<String> families = new HashSet<>(names);
    names.forEach(name -> families.add(SUFFIX.matcher(name).replaceFirst("")));
    MetricSnapshots.Builder chosen = MetricSnapshots.builder();
    for (PrometheusRegistry part : List.of(registry, meters.registry())) {
      for (MetricSnapshot family : part.scrape()) {
        if (families.contains(family.getMetadata().getPrometheusName())) {
          chosen.metricSnapshot(family);
        }
      }
    }
    return chosen.build();
  }
}
