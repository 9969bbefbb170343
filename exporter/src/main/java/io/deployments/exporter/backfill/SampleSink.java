package io.deployments.exporter.backfill;

import io.deployments.exporter.metrics.DeploymentFamily;
import java.io.IOException;

/** Takes the samples of a part of the history, family by family and series by series. */
interface SampleSink {

  /** A family begins. */
  void family(DeploymentFamily family) throws IOException;

  /**
   * Samples of the series, one for each step.
   *
   * @param series its name with its labels, as OpenMetrics writes it
   * @param value the same for all
   * @param first the first step
   * @param end the step after the last
   */
  void run(String series, String value, int first, int end) throws IOException;

  /** That was all. */
  void end() throws IOException;
}
