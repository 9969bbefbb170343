package io.deployments.exporter.backfill;

import io.deployments.exporter.database.DatabaseException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What the command says to the person who runs it. */
final class Messages {

  /** What an ordinary disk takes; the text itself is made faster. */
  private static final double BYTES_PER_SECOND = 200e6;

  private final PrintStream err;
  private final Progress progress;

  Messages(PrintStream err) {
    this.err = err;
    this.progress = new Progress(err, Progress.onTerminal());
  }

  Progress progress() {
    return progress;
  }

  void problem(String line) {
    progress.end();
    err.println("deployment-exporter: " + line.replaceAll("\\s*\\R\\s*", " "));
  }

  void databaseFailed(DatabaseException e, Output output) {
    // The advice is written for the exporter, which tries again; here a person has to.
    problem(e.getMessage().replace("; trying again", "") + remains(output));
  }

  void writingFailed(String what, String why, Output output) {
    String hint = why.contains("Broken pipe") ? " (the program that reads it has ended)" : "";
    problem("Failed writing " + what + ": " + why + hint + remains(output));
  }

  private static String remains(Output output) {
    return output instanceof Output.Stream
        ? ". What was written to standard output is not complete"
        : ". Nothing was written";
  }

  /** What is worth knowing before a long wait. */
  void before(BackfillOptions backfill) {
    if (backfill.step().compareTo(BackfillOptions.LOOKBACK) > 0) {
      say(
          "Note: a step of %s leaves gaps. Prometheus takes a sample for current for 5 minutes"
              + " only, so between the samples there is nothing to see; a step of 5m has no gaps,"
              + " or start Prometheus with --query.lookback-delta=%s.",
          text(backfill.step()), text(backfill.step()));
    }
    if (!backfill.labels().containsKey("job") || !backfill.labels().containsKey("instance")) {
      say(
          "Note: without --label job=… and --label instance=… as in Prometheus' own series these"
              + " will be other series, and the history will not join them.");
    }
  }

  void endsNow(Instant to, Instant now) {
    say("Note: --to is %s, but the history ends now, %s by the database's clock.", to, now);
  }

  void wouldWrite(Backfill.Result result, Steps steps, Output output, Duration took) {
    progress.end();
    say("Would write %s to %s.", summary(result, steps), output);
    say(
        "Space: %s, with gzip about a thirtieth of that, and %s of temporary files meanwhile.",
        bytes(result.bytes()), bytes(result.temporaryBytes()));
    double writing = result.bytes() / BYTES_PER_SECOND;
    say(
        "Time: about %s: %s to read, as just now, and %s to write at 200 MB/s.",
        text(took.plusMillis((long) (writing * 1000))),
        text(took),
        text(Duration.ofMillis((long) (writing * 1000))));
  }

  void wrote(Backfill.Result result, Steps steps, Output output, Duration took) {
    progress.end();
    say(
        "Wrote %s to %s: %s of text in %s.",
        summary(result, steps), output, bytes(result.bytes()), text(took));
    String load = "promtool tsdb create-blocks-from --max-block-duration=240h openmetrics ";
    if (output instanceof Output.Folder) {
      say("Next, for Prometheus, with its data folder in the place of data/:");
      say("  for file in %s/*.om; do %s$file data/; done", output, load);
      say("For VictoriaMetrics:");
      say(
          "  for file in %s/*.om; do curl --fail -T \"$file\""
              + " http://localhost:8428/api/v1/import/prometheus; done",
          output);
    } else if (output instanceof Output.SingleFile file && file.isCompressed()) {
      say("Next, for VictoriaMetrics (promtool takes no gzip):");
      say(
          "  curl --fail -H 'Content-Encoding: gzip' -T %s"
              + " http://localhost:8428/api/v1/import/prometheus",
          output);
    } else if (output instanceof Output.SingleFile) {
      say("Next, for Prometheus, with its data folder in the place of data/:");
      say("  %s%s data/", load, output);
      say("For VictoriaMetrics:");
      say("  curl --fail -T %s http://localhost:8428/api/v1/import/prometheus", output);
    }
    if (!(output instanceof Output.Stream)) {
      say("Read docs/operations.md, \"Loading history\", first: on retention and permissions.");
    }
  }

  private static String summary(Backfill.Result result, Steps steps) {
    return String.format(
        Locale.ROOT,
        "%,d samples of %,d series from %,d deployments, at %,d moments from %s to %s, in %,d"
            + " file(s)",
        result.samples(),
        result.series(),
        result.rows(),
        steps.count(),
        steps.moment(0),
        steps.last(),
        result.files());
  }

  private void say(String format, Object... values) {
    err.printf(Locale.ROOT, format + "%n", values);
  }

  private static String bytes(long number) {
    if (number < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", number / 1e3);
    }
    return number < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", number / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", number / 1e9);
  }

  private static String text(Duration duration) {
    if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1e3);
    }
    String text = duration.toHours() > 0 ? duration.toHours() + "h" : "";
    text += duration.toMinutesPart() > 0 ? duration.toMinutesPart() + "m" : "";
    return text + (duration.toSecondsPart() > 0 ? duration.toSecondsPart() + "s" : "");
  }
}
