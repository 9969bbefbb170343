package io.deployments.exporter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Families as the client library writes them, for a page that is put together from several parts.
 *
 * <p>The library's writers pass single characters through a {@link java.io.BufferedWriter}, which
 * takes milliseconds for a page, and many times that on a virtual thread: not for every scrape.
 */
public final class FamiliesText {

  private FamiliesText() {}

  /** The families, without what the format has at the end of a page. */
  public static byte[] of(MetricSnapshots families, ExpositionFormatWriter format)
      throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    format.write(page, families);
    return Arrays.copyOf(page.toByteArray(), page.size() - ending(format).length);
  }

  /** What the format has at the end of a page. */
  public static byte[] ending(ExpositionFormatWriter format) {
    String ending = format instanceof OpenMetricsTextFormatWriter ? "# EOF\n" : "";
    return ending.getBytes(StandardCharsets.UTF_8);
  }
}
