package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Exposition;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class RuntimeMetricsTest {

  @Test
  void theUseOfProcessorsIsThatOfTheLastSecondOrLonger() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RuntimeMetrics metrics = new RuntimeMetrics(registry);
    try {
      assertThat(use(registry)).as("nothing is known yet").isZero();
      long start = System.nanoTime();
      while (System.nanoTime() - start < 1_100_000_000) {
        Thread.onSpinWait();
      }
      double busy = use(registry);
      assertThat(busy).isGreaterThan(0).isLessThanOrEqualTo(1);
      assertThat(use(registry)).as("another look at once").isEqualTo(busy);
    } finally {
      metrics.close();
    }
  }

  private static double use(PrometheusMeterRegistry registry) {
    return Exposition.parse(registry.scrape()).value("process_cpu_usage").orElseThrow();
  }
}
