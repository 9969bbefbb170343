package io.deployments.exporter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Pages without a server. */
final class Pages {

  private Pages() {}

  /** All that the registry holds, in Prometheus' text format. */
  static String text(PrometheusRegistry registry) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      ExpositionFormats.init().getPrometheusTextFormatWriter().write(page, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString(StandardCharsets.UTF_8);
  }
}
