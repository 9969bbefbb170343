package io.deployments.exporter.http;

import io.deployments.exporter.metrics.DeploymentCollector;
import io.deployments.exporter.metrics.FamiliesText;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * {@code /metrics} in the format and the compression that the client likes best, all of it or the
 * families that {@code name[]} names.
 *
 * <p>The deployment families come first, written once per snapshot and format: between two
 * refreshes they can't change. What the exporter says of itself is collected for every scrape.
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
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Map<ExpositionFormatWriter, RenderedFamilies> rendered = new ConcurrentHashMap<>();

  /**
   * A page.
   *
   * @param registry with all families
   * @param deployments registered there as well
   */
  public MetricsPage(PrometheusRegistry registry, DeploymentCollector deployments) {
    this.registry = registry;
    this.deployments = deployments;
  }

  /** Answers a scrape. */
  @Override
  public void handle(Context context) throws IOException {
    ExpositionFormatWriter format = format(Preferences.of(context, "Accept"));
    boolean gzip = gzip(Preferences.of(context, "Accept-Encoding"));
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
    RenderedFamilies first = names.isEmpty() ? deployments(format) : RenderedFamilies.NONE;
    MetricSnapshots others =
        names.isEmpty() ? registry.scrape(name -> !first.contains(name)) : chosen(names);
    byte[] second = FamiliesText.of(others, format);
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

  /** Those of the current snapshot; two scrapes at once may both write them, with one result. */
  private RenderedFamilies deployments(ExpositionFormatWriter format) throws IOException {
    MetricSnapshots current = deployments.collect();
    RenderedFamilies last = rendered.getOrDefault(format, RenderedFamilies.NONE);
    if (!last.isOf(current)) {
      last = RenderedFamilies.of(current, format);
      rendered.put(format, last);
    }
    return last;
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
    for (MetricSnapshot family : registry.scrape()) {
      if (families.contains(family.getMetadata().getPrometheusName())) {
        chosen.metricSnapshot(family);
      }
    }
    return chosen.build();
  }
}
