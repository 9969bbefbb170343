package io.deployments.exporter.backfill;

import io.deployments.exporter.metrics.DeploymentFamily;
import java.io.IOException;

/** Counts what goes to another sink, and how large it is as text. */
final class SampleCount implements SampleSink {

  private final SampleSink next;
  private String lastSeries = "";
  private long series;
  private long samples;
  private long bytes;

  SampleCount(SampleSink next) {
    this.next = next;
  }

  /** A sink for samples that are only counted. */
  static SampleSink nowhere() {
    return new SampleSink() {
      @Override
      public void family(DeploymentFamily family) {}

      @Override
      public void run(String series, String value, int first, int end) {}

      @Override
      public void end() {}
    };
  }

  @Override
  public void family(DeploymentFamily family) throws IOException {
    bytes += SampleText.header(family).length;
    next.family(family);
  }

  @Override
  public void run(String series, String value, int first, int end) throws IOException {
    if (!series.equals(lastSeries)) {
      this.series++;
      lastSeries = series;
    }
    samples += end - first;
    bytes += (long) SampleText.line(series, value).length * (end - first);
    next.run(series, value, first, end);
  }

  @Override
  public void end() throws IOException {
    bytes += SampleText.EOF.length;
    next.end();
  }

  long series() {
    return series;
  }

  long samples() {
    return samples;
  }

  long bytes() {
    return bytes;
  }
}
