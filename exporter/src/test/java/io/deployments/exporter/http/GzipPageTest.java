package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.metrics.FamiliesText;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipPageTest {

  private static final ExpositionFormatWriter FORMAT =
      ExpositionFormats.init().getOpenMetricsTextFormatWriter();

  /** A block has up to 65,535 bytes. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0, 6",
    "1, 0",
    "12000, 6",
    "65535, 0",
    "65536, 6",
    "131070, 6",
    "200000, 70000"
  })
  void partsOfAnyLengthComeBack(int length, int endingLength) throws Exception {
    MetricSnapshots families =
        MetricSnapshots.of(
            GaugeSnapshot.builder()
                .name("odd")
                .help("ü, €, 🙂")
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(1).build())
                .build());
    Random random = new Random(1);
    byte[] second = new byte[length];
    random.nextBytes(second);
    byte[] ending = new byte[endingLength];
    random.nextBytes(ending);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(FamiliesText.of(families, FORMAT));
    expected.writeBytes(second);
    expected.writeBytes(ending);

    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    GzipPage.of(RenderedFamilies.of(families, FORMAT).orElseThrow(), second, ending)
        .forEach(parts::writeBytes);
    byte[] page = parts.toByteArray();
    try (var text = new GZIPInputStream(new ByteArrayInputStream(page))) {
      assertThat(text.readAllBytes()).isEqualTo(expected.toByteArray());
    }
    assertThat(behindTheBlocks(page)).as("checksum and length, and nothing else").isEqualTo(8);
  }

  /** Java's reader of the format does not mind what is behind its end; others do. */
  private static int behindTheBlocks(byte[] page) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(page, 10, page.length - 10);
      byte[] text = new byte[1 << 20];
      while (!inflater.finished()) {
        assertThat(inflater.inflate(text)).isPositive();
      }
      return inflater.getRemaining();
    } finally {
      inflater.end();
    }
  }
}
