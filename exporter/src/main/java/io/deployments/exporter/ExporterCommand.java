package io.deployments.exporter;

import io.deployments.exporter.backfill.BackfillCommand;
import io.deployments.exporter.check.Check;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.http.CannotListenException;
import io.deployments.exporter.metrics.BuildInfo;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The command line: {@code deployment-exporter [serve|check|backfill] [settings]}. */
final class ExporterCommand {

  /** Bad settings or arguments. */
  private static final int USAGE = CommandLine.ExitCode.USAGE;

  /** Anything else that ends a command. */
  private static final int FAILURE = CommandLine.ExitCode.SOFTWARE;

  /** Columns of the longest flag in --help, so that none needs a line of its own. */
  private static final int LONGEST_OPTION = 36;

  /** The command goes on after {@code main} has returned. */
  private static final int RUNNING = -1;

  /** The driver logs URLs, and so passwords, that it can't parse; strong, or it is collected. */
  private static final Logger DRIVER_LOGGER = Logger.getLogger("org.postgresql");

  private ExporterCommand() {}

  /** Runs the command that the arguments name; ends the process unless that command goes on. */
  static void execute(String[] arguments) {
    DRIVER_LOGGER.setLevel(Level.OFF);
    int status = commandLine().execute(arguments);
    if (status != RUNNING) {
      // Last of all, and in main alone: a command's status has no other way out.
      System.exit(status);
    }
  }

  private static CommandLine commandLine() {
    SettingOptions options = new SettingOptions();
    BuildInfo build = BuildInfo.load();
    CommandSpec serve = command(options, () -> serve(options));
    serve.usageMessage().description("Reads the deployments table and serves its metrics.");

    CommandSpec check = command(options, () -> check(options));
    check
        .usageMessage()
        .description(
            "Says what is right with a database, and how to mend what is not.",
            "'fail' makes figures wrong or missing: exit 1. 'warn' may be intended: exit 0.");

    CommandSpec backfill =
        new BackfillCommand(
                options,
                System.getenv(),
                InstantSource.system(),
                // Not System.out: it would swallow errors, such as a pipe that nobody reads.
                new FileOutputStream(FileDescriptor.out),
                System.err)
            .spec();

    CommandSpec root = command(options, () -> serve(options));
    root.name("deployment-exporter")
        .version(build.version() + " (" + build.revision() + ")")
        .addSubcommand("serve", serve)
        .addSubcommand("check", check)
        .addSubcommand("backfill", backfill);
    root.usageMessage()
        .description("Deployment figures from PostgreSQL, for Prometheus.")
        .footer(
            "--refresh-interval is the environment variable REFRESH_INTERVAL, and so on.",
            "A flag beats the environment. DATABASE_PASSWORD is no flag.");
    // So that --help fits a screen.
    root.usageMessage().abbreviateSynopsis(true);
    root.subcommands()
        .values()
        .forEach(c -> c.getCommandSpec().usageMessage().abbreviateSynopsis(true));
    return new CommandLine(root)
        .setUsageHelpAutoWidth(true)
        .setUsageHelpLongOptionsMaxWidth(LONGEST_OPTION)
        .setParameterExceptionHandler(
            (e, given) -> {
              error(CommandLineProblem.of(e, List.of(given)) + ". Try --help.");
              return USAGE;
            });
  }

  private static CommandSpec command(SettingOptions options, Callable<Integer> action) {
    CommandSpec command = CommandSpec.wrapWithoutInspection(action).mixinStandardHelpOptions(true);
    options.addTo(command);
    return command;
  }

  private static int check(SettingOptions options) {
    return withSettings(
        options,
        settings -> {
          try (Database database =
              new Database(
                  settings.database(), settings.refresh().timeout(), new SimpleMeterRegistry())) {
            Check check =
                new Check(settings, database, InstantSource.system(), System.out::println);
            return check.run() ? CommandLine.ExitCode.OK : FAILURE;
          }
        });
  }

  private static int serve(SettingOptions options) {
    return withSettings(options, ExporterCommand::serve);
  }

  private static int withSettings(SettingOptions options, ToIntFunction<Settings> action) {
    Settings settings;
    try {
      settings = options.read(System.getenv());
    } catch (BadSettingsException e) {
      e.problems().forEach(ExporterCommand::error);
      return USAGE;
    }
    configureLogging(settings.logLevel());
    return action.applyAsInt(settings);
  }

  private static int serve(Settings settings) {
    Exporter exporter = new Exporter(settings, InstantSource.system());
    try {
      exporter.start();
    } catch (CannotListenException | IllegalStateException e) {
      // The second: a certificate that went bad since the settings were read.
      exporter.close();
      error(e.getMessage());
      return FAILURE;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(exporter::close, "shutdown"));
    return RUNNING;
  }

  /** Has to come before the first logger is made: that is when the logging library reads this. */
  private static void configureLogging(String level) {
    System.setProperty("org.slf4j.simpleLogger.log.io.deployments", level);
    // The libraries have little to say that helps an operator below a warning.
    String others = List.of("warn", "error").contains(level) ? level : "warn";
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", others);
  }

  private static void error(String line) {
    System.err.println("deployment-exporter: " + line);
  }
}
