package io.deployments.exporter;

import io.deployments.exporter.api.Api;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.http.HttpServer;
import io.deployments.exporter.http.MetricsPage;
import io.deployments.exporter.metrics.BuildInfo;
import io.deployments.exporter.metrics.DeploymentCollector;
import io.deployments.exporter.metrics.ExporterMetrics;
import io.deployments.exporter.metrics.MeterText;
import io.deployments.exporter.metrics.RuntimeMetrics;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.refresh.RefreshSchedule;
import io.deployments.exporter.refresh.Refresher;
import io.deployments.exporter.settings.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;

/** The exporter, running: its parts from the database to the page. */
public final class Exporter implements AutoCloseable {

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RuntimeMetrics runtime = new RuntimeMetrics(meters);
  private final Database database;
  private final CurrentSnapshot current;
  private final RefreshSchedule schedule;
  private final Api api;
  private final HttpServer server;

  /**
   * Assembles the parts; nothing runs yet.
   *
   * @param clock the exporter's clock
   */
  public Exporter(Settings settings, InstantSource clock) {
    database = new Database(settings.database(), settings.refresh().timeout(), meters);
    current = new CurrentSnapshot(settings.refresh(), settings.scope().windows(), clock);
    BuildInfo build = BuildInfo.load();
    // Not Micrometer's, which is read for every scrape: this changes when a refresh ends.
    PrometheusRegistry ownRegistry = new PrometheusRegistry();
    ExporterMetrics own = new ExporterMetrics(ownRegistry, current, build);
    DeploymentCollector deployments = new DeploymentCollector(current::fresh);
    MetricsPage page = new MetricsPage(ownRegistry, deployments, new MeterText(meters));
    Refresher refresher =
        new Refresher(database, settings.scope(), settings.refresh().timeout(), clock);
    schedule =
        new RefreshSchedule(
            refresher::refresh,
            outcome ->
                page.publish(
                    () -> {
                      current.accept(outcome);
                      own.accept(outcome);
                    }),
            settings.refresh());
    api = new Api(settings, current, database);
    server =
        new HttpServer(
            settings.listenAddress(), settings.webConfig(), current, api, build, page, meters);
  }

  /**
   * Refreshes for the first time at once, and serves meanwhile.
   *
   * @throws io.deployments.exporter.http.CannotListenException if the address can't be had
   */
  public void start() {
    schedule.start();
    server.start();
  }

  /** The port it serves on. */
  public int port() {
    return server.port();
  }

  /** Ends requests under way, then the refreshes, then the connections. */
  @Override
  public void close() {
    server.close();
    schedule.close();
    api.close();
    database.close();
    runtime.close();
    meters.close();
  }

  /** Runs the command that the arguments name. */
  public static void main(String[] arguments) {
    ExporterCommand.execute(arguments);
  }
}
