package io.deployments.exporter.http;

import io.deployments.exporter.api.Api;
import io.deployments.exporter.database.Database;
import io.deployments.exporter.metrics.BuildInfo;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The exporter's server, with a file in the place of the page of metrics: the least that a scrape
 * can cost.
 */
public final class ConstantPage {

  private ConstantPage() {}

  /** Serves the file that the argument names, with settings from the environment. */
  public static void main(String[] arguments) throws IOException, BadSettingsException {
    byte[] page = Files.readAllBytes(Path.of(arguments[0]));
    Settings settings = new SettingOptions().read(System.getenv());
    MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    CurrentSnapshot current =
        new CurrentSnapshot(settings.refresh(), settings.scope().windows(), InstantSource.system());
    Database database = new Database(settings.database(), settings.refresh().timeout(), meters);
    new HttpServer(
            settings.listenAddress(),
            settings.webConfig(),
            current,
            new Api(settings, current, database),
            BuildInfo.load(),
            context -> {
              context.res().setContentLength(page.length);
              context.res().getOutputStream().write(page);
            },
            meters)
        .start();
  }
}
