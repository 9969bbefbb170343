package io.deployments.exporter.backfill;

import io.deployments.exporter.database.HistoryRows;
import io.deployments.exporter.database.HistoryTransaction;
import io.deployments.exporter.snapshot.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over the rows, which becomes one file or several. */
final class Backfill {

  /** Opens the file whose first samples are of the given moment. */
  @FunctionalInterface
  interface Files {
    OutputStream open(Instant first) throws IOException;
  }

  /**
   * What it came to.
   *
   * @param rows deployments read
   * @param series in the file that has most
   * @param samples in all files
   * @param bytes of all files, before any compression
   * @param files how many there are
   * @param temporaryBytes the most that the temporary file had
   */
  record Result(long rows, long series, long samples, long bytes, int files, long temporaryBytes) {

    private static final Result NOTHING = new Result(0, 0, 0, 0, 0, 0);

    private Result plus(SampleCount part, long temporary) {
      return new Result(
          rows,
          Math.max(series, part.series()),
          samples + part.samples(),
          bytes + part.bytes(),
          files + 1,
          Math.max(temporaryBytes, temporary));
    }

    private Result withRows(long number) {
      return new Result(number, series, samples, bytes, files, temporaryBytes);
    }
  }

  private final Scope scope;
  private final Map<String, String> externalLabels;
  private final Steps steps;
  private final int stepsPerFile;
  private final Spool spool;
  private final Progress progress;
  private final @Nullable Files files;

  private final SlidingWindows windows;
  private HistoryPart part;
  private @Nullable Layout layout;
  private Result result = Result.NOTHING;

  /**
   * A pass that has not begun.
   *
   * @param externalLabels labels that every series gets
   * @param steps the moments that get samples, at least one
   * @param files null to count only
   */
  Backfill(
      Scope scope,
      Map<String, String> externalLabels,
      Steps steps,
      int stepsPerFile,
      Spool spool,
      Progress progress,
      @Nullable Files files) {
    this.scope = scope;
    this.externalLabels = externalLabels;
    this.steps = steps;
    this.stepsPerFile = stepsPerFile;
    this.spool = spool;
    this.progress = progress;
    this.files = files;
    windows = new SlidingWindows(scope);
    part = newPart(0);
  }

  private HistoryPart newPart(int firstStep) {
    return new HistoryPart(steps.part(firstStep, stepsPerFile), externalLabels, spool);
  }

  /**
   * Reads and writes everything.
   *
   * @throws io.deployments.exporter.database.DatabaseException if the database fails
   * @throws IOException if a file can't be written
   */
  Result run(HistoryTransaction transaction) throws IOException {
    Instant start = scope.largestWindow().start(steps.moment(0));
    int step = 0;
    long number = 0;
    try (HistoryRows rows = transaction.rows(start, steps.last())) {
      while (rows.next()) {
        long createdAtMicros = rows.createdAtMicros();
        while (steps.second(step) * 1_000_000 < createdAtMicros) {
          publish(step++);
        }
        windows.enter(
            createdAtMicros,
            new Combination.Labels(rows.network(), rows.template(), rows.status()),
            rows.project().orElse(null));
        number++;
      }
    }
    while (step < steps.count()) {
      publish(step++);
    }
    writePart();
    return result.withRows(number);
  }

  private void publish(int step) throws IOException {
    if (step > 0 && step % stepsPerFile == 0) {
      writePart();
      part = newPart(step);
      layout = null;
    }
    Instant moment = steps.moment(step);
    boolean moved = windows.advance(steps.second(step) * 1_000_000);
    int stepOfPart = step % stepsPerFile;
    Layout before = layout;
    if (before == null || before.isOutdated()) {
      Layout next = new Layout(windows, scope, moment, part);
      if (before != null) {
        before.endAllBut(next, stepOfPart);
      }
      next.publish(stepOfPart);
      layout = next;
    } else if (moved) {
      before.publish(stepOfPart);
    }
    progress.reading((step + 1) / (double) steps.count());
  }

  /** Of many files each is written too quickly to be worth a line. */
  private void written(double share) {
    if (stepsPerFile >= steps.count()) {
      progress.writing(share);
    }
  }

  private void writePart() throws IOException {
    SampleCount count;
    if (files == null) {
      count = new SampleCount(SampleCount.nowhere());
      part.replay(count, this::written);
    } else {
      try (OutputStream out = files.open(part.steps().moment(0))) {
        count = new SampleCount(new SampleText(out, part.steps()));
        part.replay(count, this::written);
      }
    }
    result = result.plus(count, spool.size());
    spool.clear();
  }
}
