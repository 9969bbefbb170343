package io.deployments.exporter.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The families of Micrometer's meters as bytes of a page, every value read anew, and otherwise byte
 * for byte what the client library writes.
 *
 * <p>As long as no meter comes or goes, nothing on a page changes but its values. So the library
 * writes the page once, and after that the meters alone are asked. The library makes and checks
 * every name, label and help text again each time it collects.
 *
 * <p>A page with a sample of which it isn't certain what meter it is read from is written by the
 * library each time, which then takes longer than without this class: buckets, percentiles,
 * distribution summaries, function timers, meters of other kinds, two meters of one name. The
 * exporter has none of these.
 */
public final class MeterText {

  /** Of a sample that two meters could be read for. */
  private static final Value UNCERTAIN = text -> {};

  private final PrometheusMeterRegistry meters;
  private final AtomicInteger changes = new AtomicInteger();
  private final Map<ExpositionFormatWriter, Template> templates = new ConcurrentHashMap<>();

  /** Of all meters that the registry has when it is asked. */
  public MeterText(PrometheusMeterRegistry meters) {
    this.meters = meters;
    meters
        .config()
        .onMeterAdded(meter -> changes.incrementAndGet())
        .onMeterRemoved(meter -> changes.incrementAndGet());
  }

  /** What the client library collects of the meters. */
  public PrometheusRegistry registry() {
    return meters.getPrometheusRegistry();
  }

  /** All families, without what the format has at the end of a page. */
  public byte[] in(ExpositionFormatWriter format) {
    // Before looking at the meters: a change meanwhile makes the template an old one.
    int now = changes.get();
    Template known = templates.get(format);
    if (known != null && known.changes == now) {
      return known.filled();
    }
    byte[] page = FamiliesText.of(registry().scrape(), format);
    if (format instanceof PrometheusTextFormatWriter
        || format instanceof OpenMetricsTextFormatWriter) {
      template(new String(page, StandardCharsets.UTF_8), now)
          .ifPresent(template -> templates.put(format, template));
    }
    return page;
  }

  /** Whether the next page in this format will be made of values alone. */
  boolean isReadDirectly(ExpositionFormatWriter format) {
    Template known = templates.get(format);
    return known != null && known.changes == changes.get();
  }

  /** Empty if there is a sample of which it isn't known where its value comes from. */
  private Optional<Template> template(String page, int now) {
    Map<String, Value> values = values();
    List<Sample> samples = new ArrayList<>();
    int written = 0;
    int end;
    for (int line = 0; line < page.length(); line = end + 1) {
      end = page.indexOf('\n', line);
      if (page.charAt(line) != '#') {
        int space = page.lastIndexOf(' ', end);
        @Nullable Value value = values.get(page.substring(line, space));
        if (value == null || value == UNCERTAIN) {
          return Optional.empty();
        }
        samples.add(new Sample(page.substring(written, space + 1), value));
        written = end;
      }
    }
    // A string of ASCII has the bytes of Latin-1 in it already; it takes longer to see that for
    // UTF-8, which is why it is seen once.
    Charset charset =
        page.chars().allMatch(c -> c < 0x80) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    return Optional.of(new Template(now, samples, page.substring(written), charset));
  }

  /** By name and labels, as samples begin. */
  private Map<String, Value> values() {
    Map<String, Value> values = new HashMap<>();
    NamingConvention convention = meters.config().namingConvention();
    for (Meter meter : meters.getMeters()) {
      String name = meter.getId().getConventionName(convention);
      String labels = labels(meter.getId().getConventionTags(convention));
      if (meter instanceof Gauge gauge) {
        if (meter.getId().getName().endsWith(".info")) {
          // Becomes one of the type info, whose value nobody asks for.
          put(values, name + "_info" + labels, integer(() -> 1));
        } else {
          put(values, name + labels, number(gauge::value));
        }
      } else if (meter instanceof Counter counter) {
        put(values, name + "_total" + labels, number(counter::count));
      } else if (meter instanceof FunctionCounter counter) {
        put(values, name + "_total" + labels, number(counter::count));
      } else if (meter instanceof Timer timer) {
        put(values, name + "_count" + labels, integer(timer::count));
        put(values, name + "_sum" + labels, number(() -> timer.totalTime(TimeUnit.SECONDS)));
        put(values, name + "_max" + labels, number(() -> timer.max(TimeUnit.SECONDS)));
      } else if (meter instanceof LongTaskTimer timer) {
        put(values, name + "_count" + labels, integer(timer::activeTasks));
        put(values, name + "_sum" + labels, number(() -> timer.duration(TimeUnit.SECONDS)));
        // In nanoseconds, as a task that ends meanwhile makes it -1 of whatever is asked for.
        put(values, name + "_max" + labels, number(() -> timer.max(TimeUnit.NANOSECONDS) / 1e9));
      }
    }
    return values;
  }

  private static void put(Map<String, Value> values, String sample, Value value) {
    values.merge(sample, value, (first, second) -> UNCERTAIN);
  }

  private static String labels(List<Tag> tags) {
    if (tags.isEmpty()) {
      return "";
    }
    // In the order of the library.
    return Labels.of(
            tags.stream().map(Tag::getKey).toList(), tags.stream().map(Tag::getValue).toList())
        .stream()
        .map(label -> label.getName() + "=\"" + escaped(label.getValue()) + '"')
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
  }

  private static Value integer(LongSupplier value) {
    return text -> text.append(value.getAsLong());
  }

  private static Value number(DoubleSupplier value) {
    return text -> {
      double number = value.getAsDouble();
      if (Double.isInfinite(number)) {
        text.append(number > 0 ? "+Inf" : "-Inf");
      } else {
        text.append(number);
      }
    };
  }

  /** Reads the value of a sample and adds it to the text. */
  private interface Value {
    void addTo(StringBuilder text);
  }

  /** A sample's value, and what stands between the value before it and its own. */
  private record Sample(String before, Value value) {}

  /**
   * A page without its values.
   *
   * @param changes of the meters, until it was made
   * @param charset UTF-8, or one with the same bytes for all that is on the page
   */
  private record Template(int changes, List<Sample> samples, String end, Charset charset) {

    byte[] filled() {
      StringBuilder text = new StringBuilder(1 << 14);
      for (Sample sample : samples) {
        text.append(sample.before);
        sample.value.addTo(text);
      }
      return text.append(end).toString().getBytes(charset);
    }
  }
}
