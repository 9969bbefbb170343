package io.deployments.exporter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

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
    return of(families, format, Integer.MAX_VALUE).orElseThrow();
  }

  /** The same, unless it is longer than the given number of bytes. */
  public static Optional<byte[]> of(
      MetricSnapshots families, ExpositionFormatWriter format, int longest) {
    ByteArrayOutputStream page =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int from, int length) {
            if (count + length > longest) {
              throw new TooLongException();
            }
            super.write(bytes, from, length);
          }
        };
    try {
      format.write(page, families);
    } catch (TooLongException e) {
      return Optional.empty();
    } catch (IOException e) {
      // Memory doesn't fail so.
      throw new UncheckedIOException(e);
    }
    byte[] written = page.toByteArray();
    int ending = ending(format).length;
    // A page may have megabytes.
    return Optional.of(ending == 0 ? written : Arrays.copyOf(written, written.length - ending));
  }

  /** Ends the writing of a page; nobody outside sees it. */
  private static final class TooLongException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooLongException() {
      super(null, null, false, false);
    }
  }

  /** What the format has at the end of a page. */
  public static byte[] ending(ExpositionFormatWriter format) {
    String ending = format instanceof OpenMetricsTextFormatWriter ? "# EOF\n" : "";
    return ending.getBytes(StandardCharsets.UTF_8);
  }
}
