package io.deployments.exporter.demo;

import io.deployments.exporter.Exporter;
import io.deployments.exporter.http.CannotListenException;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import java.io.IOException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
    int status = new CommandLine(new Demo()).execute(arguments);
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

  private int run() throws InterruptedException, IOException, BadSettingsException {
    System.out.println("Starting PostgreSQL with 120 days of deployments …");
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
    try (DemoDatabase database = DemoDatabase.start();
        Exporter exporter = new Exporter(settings(database), InstantSource.system())) {
      exporter.start();
      if (!incident.isEmpty()) {
        DemoDatabase.switchRunning(incident);
      }
      print(database);
      end.await();
      System.out.println("Stopping …");
      return 0;
    } catch (CannotListenException e) {
      System.err.println(
          e.getMessage()
              .replace("set LISTEN_ADDRESS to a free address", "add --port with a free port"));
      return CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      ended.countDown();
    }
  }

  private Settings settings(DemoDatabase database) throws BadSettingsException {
    return new SettingOptions()
        .read(
            Map.of(
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
                "5s"));
  }

  private void print(DemoDatabase database) {
    System.out.printf(
        """

        Page       http://localhost:%1$d/
        Metrics    http://localhost:%1$d/metrics
        Ready      http://localhost:%1$d/-/ready
        Database   %2$s (user postgres)

        For Prometheus, in prometheus.yml:

          scrape_configs:
            - job_name: deployment-exporter
              scrape_interval: 15s
              static_configs:
                - targets: ["localhost:%1$d"]

        The 120 days as history for Prometheus or VictoriaMetrics (docs/operations.md says how to
        load it), after mvn package:

          DATABASE_URL=%2$s DATABASE_USER=postgres \\
            java -jar exporter/target/deployment-exporter.jar backfill --from %3$s \\
            --label job=deployment-exporter --label instance=localhost:%1$d --output history/

        An incident, from another terminal: the same command with
          -Dexec.args="--incident metis"      and to end it     -Dexec.args="--incident off"

        Ctrl-C ends the demo.
        """,
        port, database.url(), LocalDate.now(ZoneOffset.UTC).minusDays(120));
  }
}
