package io.deployments.exporter.backfill;

import io.deployments.exporter.database.Database;
import io.deployments.exporter.database.DatabaseException;
import io.deployments.exporter.database.HistoryTransaction;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code backfill}: writes what the exporter would have published in the past, as far
 * as the rows still say it, to a file that Prometheus and VictoriaMetrics can load.
 */
public final class BackfillCommand {

  private final SettingOptions options;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final OutputStream out;
  private final Messages messages;

  /**
   * The command.
   *
   * @param options the settings given as flags
   * @param environment the settings given otherwise
   * @param out standard output, which {@code --output -} writes to; never closed
   * @param err where everything else goes
   */
  public BackfillCommand(
      SettingOptions options,
      Map<String, String> environment,
      InstantSource clock,
      OutputStream out,
      PrintStream err) {
    this.options = options;
    this.environment = environment;
    this.clock = clock;
    this.out = out;
    this.messages = new Messages(err);
  }

  /** The command for the command line, with its flags and those of the settings. */
  public CommandSpec spec() {
    // The action needs what was parsed, which hangs on the command that the action is part of.
    CommandSpec[] self = new CommandSpec[1];
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(
            (Callable<Integer>) () -> run(self[0].commandLine().getParseResult()));
    self[0] = spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description("Writes the past, from the rows there are, for Prometheus to load.");
    BackfillOptions.addTo(spec);
    options.addTo(spec);
    return spec;
  }

  private int run(ParseResult flags) {
    List<String> problems = new ArrayList<>();
    Optional<BackfillOptions> backfill = BackfillOptions.read(flags, clock, problems);
    Settings settings = null;
    try {
      settings = options.read(environment);
    } catch (BadSettingsException e) {
      problems.addAll(e.problems());
    }
    if (backfill.isEmpty() || settings == null) {
      problems.forEach(messages::problem);
      return CommandLine.ExitCode.USAGE;
    }
    return run(backfill.get(), settings);
  }

  private int run(BackfillOptions backfill, Settings settings) {
    messages.before(backfill);
    Duration timeout = settings.refresh().timeout();
    try (Database database = new Database(settings.database(), timeout, new SimpleMeterRegistry());
        HistoryTransaction transaction = database.beginHistory(timeout)) {
      return run(backfill, settings, transaction);
    } catch (DatabaseException e) {
      messages.databaseFailed(e, backfill.output());
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      messages.writingFailed(e.getFile(), reason, backfill.output());
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      messages.writingFailed(backfill.output().toString(), why, backfill.output());
    } catch (UncheckedIOException e) {
      String why = String.valueOf(e.getCause().getMessage());
      messages.writingFailed("a temporary file", why, backfill.output());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private int run(BackfillOptions backfill, Settings settings, HistoryTransaction transaction)
      throws IOException {
    Instant now = transaction.moment();
    Instant to = backfill.to().filter(end -> end.isBefore(now)).orElse(now);
    backfill.to().filter(end -> end.isAfter(now)).ifPresent(end -> messages.endsNow(end, now));
    Steps steps = Steps.between(backfill.from(), to, backfill.step());
    if (steps.count() == 0) {
      messages.problem(
          "There is nothing to write: --from is %s, and by the database's clock it is %s"
              .formatted(backfill.from(), now));
      return CommandLine.ExitCode.SOFTWARE;
    }
    Backfill pass =
        new Backfill(settings.scope(), backfill.labels(), steps, stepsPerFile(backfill));
    long start = System.nanoTime();
    if (backfill.dryRun()) {
      try (Spool spool = newSpool(backfill.output())) {
        Backfill.Result result = pass.run(transaction, spool, null, messages.progress());
        messages.wouldWrite(result, steps, backfill.output(), since(start));
      }
      return CommandLine.ExitCode.OK;
    }
    Backfill.Result result;
    try (Destination destination = new Destination(backfill.output(), out);
        Spool spool = newSpool(backfill.output())) {
      result = pass.run(transaction, spool, destination::open, messages.progress());
      destination.complete();
    }
    messages.wrote(result, steps, backfill.output(), since(start));
    return CommandLine.ExitCode.OK;
  }

  private static int stepsPerFile(BackfillOptions backfill) {
    return backfill.output() instanceof Output.Folder
        ? (int) Output.FILE_LENGTH.dividedBy(backfill.step())
        : Integer.MAX_VALUE;
  }

  private static Spool newSpool(Output output) throws IOException {
    Path folder =
        output
            .place()
            .filter(Files::isDirectory)
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    long memory = Runtime.getRuntime().maxMemory() / 4;
    return new Spool(
        Optional.of(folder).filter(Files::isWritable), (int) Math.min(memory, 1 << 30));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
