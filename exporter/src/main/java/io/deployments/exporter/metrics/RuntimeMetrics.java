package io.deployments.exporter.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.File;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Micrometer's metrics of the JVM and the process. */
public final class RuntimeMetrics implements AutoCloseable {

  /**
   * What takes longer to read than everything else here: for either use of the processors the JVM
   * reads files of the control group, and for each state of a thread it looks at all threads.
   */
  private static final Set<String> EXPENSIVE =
      Set.of("process.cpu.usage", "system.cpu.usage", "jvm.threads.states");

  private static final String OPEN_FILES = "process.files.open";

  private static final String OWN_USE =
      "The share of all processors that the process used lately, 0 to 1";
  private static final String OWN_COUNT = "The open file descriptor count, as the kernel keeps it";

  /** An entry for each open file. */
  private static final File DESCRIPTORS = new File("/proc/self/fd");

  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  /** Binds them, but for expensive ones. */
  public RuntimeMetrics(MeterRegistry registry) {
    boolean counted = isCounted();
    registry
        .config()
        .meterFilter(
            MeterFilter.deny(
                id ->
                    (EXPENSIVE.contains(id.getName())
                            || (counted && id.getName().equals(OPEN_FILES)))
                        && !OWN_USE.equals(id.getDescription())
                        && !OWN_COUNT.equals(id.getDescription())));
    List<MeterBinder> binders =
        List.of(
            new ClassLoaderMetrics(),
            garbageCollection,
            new JvmInfoMetrics(),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new FileDescriptorMetrics(),
            new ProcessorMetrics(),
            new UptimeMetrics());
    binders.forEach(binder -> binder.bindTo(registry));
    // Ours are let in by their descriptions; registered first instead, Micrometer would warn.
    if (counted) {
      Gauge.builder(OPEN_FILES, DESCRIPTORS, File::length)
          .description(OWN_COUNT)
          .baseUnit(BaseUnits.FILES)
          .register(registry);
    }
    // Not every JVM tells it.
    FunctionCounter used = registry.find("process.cpu.time").functionCounter();
    if (used != null) {
      ProcessorUse use =
          new ProcessorUse(
              used::count, System::nanoTime, Runtime.getRuntime().availableProcessors());
      Gauge.builder("process.cpu.usage", use, ProcessorUse::share)
          .description(OWN_USE)
          .strongReference(true)
          .register(registry);
    }
  }

  /**
   * Whether the system tells how many files are open as the size of the folder that has them, as
   * Linux does since 6.2. The JVM reads all of the folder instead.
   */
  private static boolean isCounted() {
    long size = DESCRIPTORS.length();
    String[] entries = DESCRIPTORS.list();
    // Other threads may open and close some meanwhile.
    return size > 0 && entries != null && Math.abs(size - entries.length) < 10;
  }

  /** Stops listening to the garbage collector. */
  @Override
  public void close() {
    garbageCollection.close();
  }

  /** How busy the process was from one look to the next that is a second later or more. */
  static final class ProcessorUse {

    private final DoubleSupplier nanosUsed;
    private final LongSupplier nanoTime;
    private final int processors;
    private long lookedAt;
    private double used;
    private double share;

    ProcessorUse(DoubleSupplier nanosUsed, LongSupplier nanoTime, int processors) {
      this.nanosUsed = nanosUsed;
      this.nanoTime = nanoTime;
      this.processors = processors;
      lookedAt = nanoTime.getAsLong();
      used = nanosUsed.getAsDouble();
    }

    /** 0 to 1; 0 within the first second. */
    synchronized double share() {
      long now = nanoTime.getAsLong();
      long passed = now - lookedAt;
      if (passed >= 1_000_000_000) {
        double before = used;
        used = nanosUsed.getAsDouble();
        lookedAt = now;
        share = Math.min(1, (used - before) / passed / processors);
      }
      return share;
    }
  }
}
