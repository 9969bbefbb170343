package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.metrics.RuntimeMetrics.ProcessorUse;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RuntimeMetricsTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void theUseOfProcessorsIsThatSinceALookASecondAgoOrMore() {
    AtomicLong used = new AtomicLong(7 * SECOND);
    AtomicLong now = new AtomicLong(-SECOND);
    ProcessorUse use = new ProcessorUse(used::get, now::get, 2);
    assertThat(use.share()).isZero();
    used.addAndGet(SECOND);
    now.addAndGet(SECOND - 1);
    assertThat(use.share()).as("too soon").isZero();
    now.addAndGet(1);
    assertThat(use.share()).isEqualTo(0.5);
    assertThat(use.share()).as("another one at once").isEqualTo(0.5);
    used.addAndGet(3 * SECOND);
    now.addAndGet(15 * SECOND);
    assertThat(use.share()).isEqualTo(0.1);
    used.addAndGet(100 * SECOND);
    now.addAndGet(SECOND);
    assertThat(use.share()).as("clocks differ a little").isEqualTo(1);
    now.addAndGet(SECOND);
    assertThat(use.share()).isZero();
  }
}
