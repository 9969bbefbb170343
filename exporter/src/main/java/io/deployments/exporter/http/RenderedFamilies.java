package io.deployments.exporter.http;

import io.deployments.exporter.metrics.FamiliesText;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Families in one format, as they stand on a page and as they begin a compressed one. */
final class RenderedFamilies {

  /** Nothing, of no families. */
  static final RenderedFamilies NONE = new RenderedFamilies(MetricSnapshots.of(), new byte[0]);

  private final MetricSnapshots families;
  private final Set<String> names;
  private final byte[] text;
  private volatile byte @Nullable [] deflated;

  private RenderedFamilies(MetricSnapshots families, byte[] text) {
    this.families = families;
    this.names =
        families.stream()
            .map(family -> family.getMetadata().getPrometheusName())
            .collect(Collectors.toUnmodifiableSet());
    this.text = text;
  }

  /** Writes the families. */
  static RenderedFamilies of(MetricSnapshots families, ExpositionFormatWriter format)
      throws IOException {
    return new RenderedFamilies(families, FamiliesText.of(families, format));
  }

  /** Whether it is these that were written, and not only equal ones. */
  @SuppressWarnings("ReferenceEquality") // Equality would cost as much as writing them again.
  boolean isOf(MetricSnapshots others) {
    return families == others;
  }

  /** Whether there is a family of this name. */
  boolean contains(String name) {
    return names.contains(name);
  }

  /** The bytes of an uncompressed page. */
  byte[] text() {
    return text;
  }

  /** The same, compressed on first use; two at once may both do it, with the same result. */
  byte[] deflated() throws IOException {
    byte[] result = deflated;
    if (result == null) {
      result = GzipPage.beginning(text);
      deflated = result;
    }
    return result;
  }
}
