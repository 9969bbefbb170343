package io.deployments.exporter.backfill;

import io.deployments.exporter.database.HistoryRows;
import io.deployments.exporter.database.HistoryTransaction;
import io.deployments.exporter.snapshot.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the rows, which becomes one file or several.
 *
 * @param scope what a snapshot covers
 * @param externalLabels labels that every series gets
 * @param steps the moments that get samples, at least one
 * @param stepsPerFile how many of them go into a file
 */
record Backfill(Scope scope, Map<String, String> externalLabels, Steps steps, int stepsPerFile) {

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

  /**
   * Reads and writes everything.
   *
   * @param files null to count only
   * @throws io.deployments.exporter.database.DatabaseException if the database fails
   * @throws IOException if a file can't be written
   */
  Result run(HistoryTransaction transaction, Spool spool, @Nullable Files files, Progress progress)
      throws IOException {
    Pass pass = new Pass(spool, files, progress);
    Instant start = scope.largestWindow().start(steps.moment(0));
    int step = 0;
    long number = 0;
    try (HistoryRows rows = transaction.rows(start, steps.last())) {
      while (rows.next()) {
        long createdAtMicros = rows.createdAtMicros();
        while (steps.micros(step) < createdAtMicros) {
          pass.publish(step++);
        }
        pass.windows.enter(
            createdAtMicros,
            new Combination.Labels(rows.network(), rows.template(), rows.status()),
            rows.project().orElse(null));
        number++;
      }
    }
    while (step < steps.count()) {
      pass.publish(step++);
    }
    pass.write();
    return pass.result.withRows(number);
  }

  /** The windows on their way, and the file that is under way. */
  private final class Pass {

    private final Spool spool;
    private final @Nullable Files files;
    private final Progress progress;
    private final SlidingWindows windows = new SlidingWindows(scope);
    private HistoryPart part;
    private @Nullable Layout layout;
    private Result result = new Result(0, 0, 0, 0, 0, 0);

    Pass(Spool spool, @Nullable Files files, Progress progress) {
      this.spool = spool;
      this.files = files;
      this.progress = progress;
      this.part = newPart(0);
    }

    private HistoryPart newPart(int firstStep) {
      return new HistoryPart(steps.part(firstStep, stepsPerFile), externalLabels, spool);
    }

    void publish(int step) throws IOException {
      if (step > 0 && step % stepsPerFile == 0) {
        write();
        part = newPart(step);
        layout = null;
      }
      boolean moved = windows.advance(steps.micros(step));
      int stepOfPart = step % stepsPerFile;
      Layout before = layout;
      if (before == null || before.isOutdated()) {
        Layout next = new Layout(windows, scope, steps.moment(step), part);
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

    void write() throws IOException {
      // Counting is over in no time, and of many files each is soon written.
      boolean quiet = files == null || stepsPerFile < steps.count();
      DoubleConsumer written = quiet ? share -> {} : progress::writing;
      SampleCount count;
      if (files == null) {
        count = new SampleCount(SampleCount.nowhere());
        part.replay(count, written);
      } else {
        try (OutputStream out = files.open(part.steps().moment(0))) {
          count = new SampleCount(new SampleText(out, part.steps()));
          part.replay(count, written);
        }
      }
      result = result.plus(count, spool.size());
      spool.clear();
    }
  }
}
