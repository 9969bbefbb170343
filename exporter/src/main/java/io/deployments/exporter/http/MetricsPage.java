package io.deployments.exporter.http;

import io.javalin.http.Context;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * {@code /metrics} in the format and the compression that the client likes best, all of it or the
 * families that {@code name[]} names.
 *
 * <p>The client library's own handler takes OpenMetrics from whoever mentions it, even to refuse
 * it, and for {@code name[]} whatever family's name the given one begins with.
 */
final class MetricsPage {

  /** What the samples of a family may have behind its name. */
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|created|info|sum|total)$");

  private final PrometheusRegistry registry;
  private final ExpositionFormats formats = ExpositionFormats.init();

  MetricsPage(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /** Answers a scrape. */
  void answer(Context context) throws IOException {
    ExpositionFormatWriter writer = writer(Preferences.of(context, "Accept"));
    boolean gzip = gzip(Preferences.of(context, "Accept-Encoding"));
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try (OutputStream body = gzip ? new GZIPOutputStream(page) : page) {
      writer.write(body, scrape(context.queryParams("name[]")));
    }
    context
        .header("Content-Type", writer.getContentType())
        .header("Vary", "Accept, Accept-Encoding");
    if (gzip) {
      context.header("Content-Encoding", "gzip");
    }
    context.res().setContentLength(page.size());
    page.writeTo(context.res().getOutputStream());
  }

  private ExpositionFormatWriter writer(List<String> accepted) {
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
  private MetricSnapshots scrape(List<String> names) {
    MetricSnapshots all = registry.scrape();
    if (names.isEmpty()) {
      return all;
    }
    Set<String> families = new HashSet<>(names);
    names.forEach(name -> families.add(SUFFIX.matcher(name).replaceFirst("")));
    MetricSnapshots.Builder chosen = MetricSnapshots.builder();
    for (MetricSnapshot family : all) {
      if (families.contains(family.getMetadata().getPrometheusName())) {
        chosen.metricSnapshot(family);
      }
    }
    return chosen.build();
  }
}
