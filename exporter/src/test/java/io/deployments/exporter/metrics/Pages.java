package io.deployments.exporter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;

/** Pages without a server. */
final class Pages {

  private Pages() {}

  /** All that the registry holds, in Prometheus' text format. */
  static String text(PrometheusRegistry registry) {
    return new String(
        FamiliesText.of(
            registry.scrape(), ExpositionFormats.init().getPrometheusTextFormatWriter()),
        StandardCharsets.UTF_8);
  }
}
