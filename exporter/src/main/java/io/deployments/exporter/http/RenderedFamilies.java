package io.deployments.exporter.http;

import io.deployments.exporter.metrics.FamiliesText;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Families in one format, as they stand on a page and as they begin a compressed one. */
final class RenderedFamilies {

  /** Names of ordinary length make 8 MB of as many series as there may be. */
  private static final int LONGEST = 12 << 20;

  private final byte[] text;
  private volatile byte @Nullable [] deflated;

  private RenderedFamilies(byte[] text) {
    this.text = text;
  }

  /** Writes the families, unless they are longer than is to be held in memory. */
  static Optional<RenderedFamilies> of(MetricSnapshots families, ExpositionFormatWriter format) {
    return FamiliesText.of(families, format, LONGEST).map(RenderedFamilies::new);
  }

  /** The bytes of an uncompressed page. */
  byte[] text() {
    return text;
  }

  /** The same, compressed on first use. */
  byte[] deflated() {
    byte[] result = deflated;
    return result != null ? result : deflate();
  }

  private synchronized byte[] deflate() {
    byte[] result = deflated;
    if (result == null) {
      result = GzipPage.beginning(text);
      deflated = result;
    }
    return result;
  }
}
