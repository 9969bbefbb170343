package io.deployments.exporter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Families as bytes of a page, the same as the client library makes of them.
 *
 * <p>The library's writers of the two text formats pass single characters through a {@link
 * java.io.BufferedWriter}, which takes a third of the time of a scrape, and many times that on a
 * virtual thread. Here strings are put together. Formats: <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus text</a>, <a
 * href="https://prometheus.io/docs/specs/om/open_metrics_spec/">OpenMetrics</a>.
 *
 * <p>What no family has so far is left to the library, a family at a time: other types, histograms
 * without classic buckets, points without a count or a sum. Timestamps and exemplars, which none
 * has either, are not written, whatever the library's own configuration says.
 */
public final class FamiliesText {

  private final StringBuilder text = new StringBuilder(1 << 14);
  private final ExpositionFormatWriter format;
  private final boolean openMetrics;

  private FamiliesText(ExpositionFormatWriter format) {
    this.format = format;
    this.openMetrics = format instanceof OpenMetricsTextFormatWriter;
  }

  /** The families, without what the format has at the end of a page. */
  public static byte[] of(MetricSnapshots families, ExpositionFormatWriter format)
      throws IOException {
    if (!(format instanceof OpenMetricsTextFormatWriter)
        && !(format instanceof PrometheusTextFormatWriter)) {
      return library(families, format);
    }
    FamiliesText page = new FamiliesText(format);
    for (MetricSnapshot family : families) {
      if (!family.getDataPoints().isEmpty()) {
        page.add(family);
      }
    }
    return page.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] library(MetricSnapshots families, ExpositionFormatWriter format)
      throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    format.write(page, families);
    return Arrays.copyOf(page.toByteArray(), page.size() - ending(format).length);
  }

  /** What the format has at the end of a page. */
  public static byte[] ending(ExpositionFormatWriter format) {
    String ending = format instanceof OpenMetricsTextFormatWriter ? "# EOF\n" : "";
    return ending.getBytes(StandardCharsets.UTF_8);
  }

  private void add(MetricSnapshot family) throws IOException {
    String name = family.getMetadata().getPrometheusName();
    if (family instanceof GaugeSnapshot gauge) {
      head(family, name, "gauge");
      gauge.getDataPoints().forEach(point -> sample(name, point).append(number(point.getValue())));
    } else if (family instanceof CounterSnapshot counter) {
      String total = name + "_total";
      head(family, openMetrics ? name : total, "counter");
      counter
          .getDataPoints()
          .forEach(point -> sample(total, point).append(number(point.getValue())));
    } else if (family instanceof InfoSnapshot info) {
      String one = name + "_info";
      head(family, openMetrics ? name : one, openMetrics ? "info" : "gauge");
      info.getDataPoints().forEach(point -> sample(one, point).append('1'));
    } else if (family instanceof SummarySnapshot summary
        && summary.getDataPoints().stream().allMatch(FamiliesText::hasCountAndSum)) {
      head(family, name, "summary");
      for (SummarySnapshot.SummaryDataPointSnapshot point : summary.getDataPoints()) {
        for (Quantile quantile : point.getQuantiles()) {
          sample(name, point.getLabels(), "quantile", quantile.getQuantile())
              .append(number(quantile.getValue()));
        }
        countAndSum(name, point);
      }
    } else if (family instanceof HistogramSnapshot histogram
        && !histogram.isGaugeHistogram()
        && histogram.getDataPoints().stream()
            .allMatch(point -> !point.getClassicBuckets().isEmpty() && hasCountAndSum(point))) {
      head(family, name, "histogram");
      for (HistogramSnapshot.HistogramDataPointSnapshot point : histogram.getDataPoints()) {
        ClassicHistogramBuckets buckets = point.getClassicBuckets();
        long count = 0;
        for (int i = 0; i < buckets.size(); i++) {
          count += buckets.getCount(i);
          sample(name + "_bucket", point.getLabels(), "le", buckets.getUpperBound(i)).append(count);
        }
        countAndSum(name, point);
      }
    } else {
      text.append(new String(library(MetricSnapshots.of(family), format), StandardCharsets.UTF_8));
      return;
    }
    text.append('\n');
  }

  private void head(MetricSnapshot family, String name, String type) {
    if (openMetrics) {
      comment("TYPE", name, type);
      if (family.getMetadata().getUnit() != null) {
        comment("UNIT", name, family.getMetadata().getUnit().toString());
      }
    }
    String help = family.getMetadata().getHelp();
    if (help != null && !help.isEmpty()) {
      comment("HELP", name, escaped(help, openMetrics));
    }
    if (!openMetrics) {
      comment("TYPE", name, type);
    }
    // Each sample begins by ending the line before.
    text.setLength(text.length() - 1);
  }

  private void comment(String keyword, String name, String value) {
    text.append("# ").append(keyword).append(' ').append(name).append(' ').append(value);
    text.append('\n');
  }

  private static boolean hasCountAndSum(DistributionDataPointSnapshot point) {
    return point.hasCount() && point.hasSum();
  }

  private void countAndSum(String name, DistributionDataPointSnapshot point) {
    sample(name + "_count", point).append(point.getCount());
    sample(name + "_sum", point).append(number(point.getSum()));
  }

  private StringBuilder sample(String name, DataPointSnapshot point) {
    text.append('\n').append(name);
    if (!point.getLabels().isEmpty()) {
      labels(point.getLabels());
      text.append('}');
    }
    return text.append(' ');
  }

  private StringBuilder sample(String name, Labels labels, String further, double value) {
    text.append('\n').append(name);
    labels(labels);
    text.append(labels.isEmpty() ? '{' : ',').append(further).append("=\"");
    return text.append(number(value)).append("\"} ");
  }

  private void labels(Labels labels) {
    for (int i = 0; i < labels.size(); i++) {
      text.append(i == 0 ? '{' : ',').append(labels.getPrometheusName(i)).append("=\"");
      text.append(escaped(labels.getValue(i), true)).append('"');
    }
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return Double.toString(value);
  }

  private static String escaped(String value, boolean quotes) {
    String escaped = value;
    if (escaped.indexOf('\\') >= 0) {
      escaped = escaped.replace("\\", "\\\\");
    }
    if (escaped.indexOf('\n') >= 0) {
      escaped = escaped.replace("\n", "\\n");
    }
    return quotes && escaped.indexOf('"') >= 0 ? escaped.replace("\"", "\\\"") : escaped;
  }
}
