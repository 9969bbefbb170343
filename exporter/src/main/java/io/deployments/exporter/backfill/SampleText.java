package io.deployments.exporter.backfill;

import io.deployments.exporter.metrics.DeploymentFamily;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes samples as OpenMetrics text:
 *
 * <pre>
 * # TYPE deployments_30d gauge
 * # HELP deployments_30d Deployments created in the last 30d. As of the last successful refresh.
 * deployments_30d{network="metis",status="success",template="erc20"} 812 1767225600
 * deployments_30d{network="metis",status="success",template="erc20"} 813 1767225900
 * …
 * # EOF
 * </pre>
 *
 * <p>A run's lines differ in their time only, so a line is made once and its digits are changed.
 */
final class SampleText implements SampleSink {

  /** Unix time has ten digits from 2001 to 2286. */
  static final int TIME_DIGITS = 10;

  static final byte[] EOF = "# EOF\n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final Steps steps;
  private final byte[] buffer = new byte[1 << 16];
  private int used;

  /**
   * A writer; whoever opened the stream closes it.
   *
   * @param steps which moment each step is
   */
  SampleText(OutputStream out, Steps steps) {
    this.out = out;
    this.steps = steps;
  }

  @Override
  public void family(DeploymentFamily family) throws IOException {
    put(header(family));
  }

  /** The lines above a family's samples. */
  static byte[] header(DeploymentFamily family) {
    String help = family.help().replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    String lines =
        "# TYPE " + family.name() + " gauge\n# HELP " + family.name() + " " + help + "\n";
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void run(String series, String value, int first, int end) throws IOException {
    byte[] line = line(series, value);
    int lastDigit = line.length - 2;
    long second = steps.second(first);
    for (int step = first; step < end; step++) {
      int rest = (int) (second % 1_000_000_000);
      line[lastDigit - 9] = (byte) ('0' + second / 1_000_000_000);
      for (int digit = lastDigit; digit > lastDigit - 9; digit--) {
        line[digit] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      put(line);
      second += steps.stepSeconds();
    }
  }

  /** A line with zeros in the place of its time. */
  static byte[] line(String series, String value) {
    byte[] before = (series + " " + value + " ").getBytes(StandardCharsets.UTF_8);
    byte[] line = Arrays.copyOf(before, before.length + TIME_DIGITS + 1);
    line[line.length - 1] = '\n';
    return line;
  }

  private void put(byte[] bytes) throws IOException {
    if (bytes.length > buffer.length - used) {
      flush();
      if (bytes.length > buffer.length) {
        out.write(bytes);
        return;
      }
    }
    System.arraycopy(bytes, 0, buffer, used, bytes.length);
    used += bytes.length;
  }

  private void flush() throws IOException {
    out.write(buffer, 0, used);
    used = 0;
  }

  @Override
  public void end() throws IOException {
    put(EOF);
    flush();
  }
}
