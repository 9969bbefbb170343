package io.deployments.exporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.deployments.exporter.metrics.RuntimeMetrics.ProcessorUse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeMetricsTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void openFilesAreThoseThatTheSystemCounts(@TempDir Path folder) throws IOException {
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    List<OutputStream> opened = new ArrayList<>();
    RuntimeMetrics runtime = new RuntimeMetrics(meters);
    try {
      Gauge open = meters.get("process.files.open").gauge();
      double before = open.value();
      for (int i = 0; i < 500; i++) {
        opened.add(Files.newOutputStream(folder.resolve("file" + i)));
      }
      assertThat(open.value() - before).as("500 more").isBetween(400.0, 600.0);
      // Other threads of this JVM open and close some as well.
      assertThat(open.value())
          .isCloseTo((double) system.getOpenFileDescriptorCount(), Offset.offset(100.0));
    } finally {
      runtime.close();
      for (OutputStream stream : opened) {
        stream.close();
      }
    }
  }

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
