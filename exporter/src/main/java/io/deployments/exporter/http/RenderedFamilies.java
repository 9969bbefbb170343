package io.deployments.exporter.http;

import io.deployments.exporter.metrics.FamiliesText;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/** Families in one format, as they stand on a page and as they begin a compressed one. */
final class RenderedFamilies {

  private final byte[] text;
  private volatile byte @Nullable [] deflated;

  private RenderedFamilies(byte[] text) {
    this.text = text;
  }

  /** Writes the families. */
  static RenderedFamilies of(MetricSnapshots families, ExpositionFormatWriter format) {
    return new RenderedFamilies(FamiliesText.of(families, format));
  }

  /** The bytes of an uncompressed page. */
  byte[] text() {
    return text;
  }

  /** The same, compressed on first use; two at once may both do it, with the same result. */
  byte[] deflated() {
    byte[] result = deflated;
    if (result == null) {
      result = GzipPage.beginning(text);
      deflated = result;
    }
    return result;
  }
}
