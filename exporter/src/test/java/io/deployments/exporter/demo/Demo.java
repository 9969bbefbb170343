package io.deployments.exporter.demo;

import io.deployments.exporter.Exporter;
import io.deployments.exporter.http.CannotListenException;
import io.deployments.exporter.metrics.BuildInfo;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The exporter on an embedded PostgreSQL with 120 days of deployments, and new ones every few
 * seconds, until Ctrl-C. Its data is gone when it ends.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "The exporter on an embedded PostgreSQL that lives as long as the demo.")
public final class Demo implements Callable<Integer> {

  @Option(
      names = "--port",
      defaultValue = "9079",
      description = "port of the exporter (${DEFAULT-VALUE})")
  private int port = 9079;

  @Option(
      names = "--incident",
      paramLabel = "NETWORK",
      description = {
        "let this network's deployments fail; 'off' ends it. While a demo runs, this switches that"
            + " demo over, from another terminal."
      })
  private String incident = "";

  /** Runs the demo. */
  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.log.io.deployments", "warn");
    CommandLine demo = new CommandLine(new Demo());
    demo.getCommandSpec().version(BuildInfo.load().version());
    int status = demo.execute(arguments);
    // Last of all, and in main alone: the status has no other way out, and threads of libraries
    // would keep the process.
    System.exit(status);
  }

  @Override
  public Integer call() throws Exception {
    if (!incident.isEmpty() && !incident.matches("metis|hyperion|off")) {
      System.err.println(
          "--incident is '" + incident + "'; allowed: metis, hyperion, or off to end it");
      return CommandLine.ExitCode.USAGE;
    }
    if (!incident.isEmpty() && DemoDatabase.switchRunning(incident)) {
      System.out.println(
          incident.equals("off")
              ? "Incident over: failed deployments are tried again and succeed."
              : "Incident on " + incident + ": its deployments fail. --incident off ends it.");
      return 0;
    }
    if (incident.equals("off")) {
      System.err.println("No demo is running, so there is no incident to end.");
      return CommandLine.ExitCode.USAGE;
    }
    return run();
  }

  private int run() throws InterruptedException, IOException, SQLException, BadSettingsException {
    System.out.println("Starting PostgreSQL with " + DemoHistory.DAYS + " days of deployments …");
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    // Maven's JVM runs this; the hook keeps it alive until everything has stopped.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  end.countDown();
                  try {
                    ended.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    // Within the resources below a compiler check would take it for one that is closed.
    Consumer<String> out = System.out::println;
    try (DemoDatabase database = DemoDatabase.start(DemoDatabase.TICK);
        Exporter exporter =
            new Exporter(new SettingOptions().read(settings(database)), InstantSource.system());
        DemoStack stack = new DemoStack(settings(database), "127.0.0.1:" + port, out)) {
      exporter.start();
      database.makeKnown();
      if (!incident.isEmpty()) {
        database.switchIncident(incident);
      }
      print(database);
      stack.start();
      end.await();
      System.out.println("Stopping …");
      return 0;
    } catch (CannotListenException e) {
      System.err.println(
          e.getMessage()
              .replace(
                  "set LISTEN_ADDRESS to a free address",
                  "add -Dexec.args=\"--port …\" with a free port"));
      return CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      ended.countDown();
    }
  }

  private Map<String, String> settings(DemoDatabase database) {
    return Map.of(
        "DATABASE_URL",
        database.url(),
        "DATABASE_USER",
        "deployment_exporter",
        "DATABASE_PASSWORD",
        DemoDatabase.PASSWORD,
        "LISTEN_ADDRESS",
        "127.0.0.1:" + port,
        // Figures that move while one looks.
        "REFRESH_INTERVAL",
        "5s");
  }

  private void print(DemoDatabase database) {
    System.out.printf(
        """

        Page       http://localhost:%1$d/
        Metrics    http://localhost:%1$d/metrics
        Database   %2$s (user postgres)

        An incident and its end, from another terminal:
          mvn -q exec:java -Dexec.args="--incident metis"
          mvn -q exec:java -Dexec.args="--incident off"

        Ctrl-C ends the demo and removes everything.

        Prometheus and Grafana follow, with the %3$d days as history.
        """,
        port, database.url(), DemoHistory.DAYS);
  }
}
