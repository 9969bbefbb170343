package io.deployments.exporter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Families as the client library writes them, for a page that is put together from several parts.
 *
 * <p>The library's writers pass single characters through a {@link java.io.BufferedWriter}, which
 * takes milliseconds for a page, and many times that on a virtual thread: not what every scrape of
 * a whole page should pay for.
 */
public final class FamiliesText {

  private FamiliesText() {}

  /** The families, without what the format has at the end of a page. */
  public static byte[] of(MetricSnapshots families, ExpositionFormatWriter format) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      format.write(page, families);
    } catch (IOException e) {
      // Memory doesn't fail so.
      throw new UncheckedIOException(e);
    }
    return Arrays.copyOf(page.toByteArray(), page.size() - ending(format).length);
  }

  /** What the format has at the end of a page. */
  public static byte[] ending(ExpositionFormatWriter format) {
    String ending = format instanceof OpenMetricsTextFormatWriter ? "# EOF\n" : "";
    return ending.getBytes(StandardCharsets.UTF_8);
  }
}
