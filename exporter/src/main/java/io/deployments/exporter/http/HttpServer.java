package io.deployments.exporter.http;

import io.deployments.exporter.api.Api;
import io.deployments.exporter.metrics.BuildInfo;
import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.settings.ListenAddress;
import io.deployments.exporter.settings.web.WebConfig;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jetty.JettyServerThreadPoolMetrics;
import io.micrometer.jetty12.server.TimedHandler;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves metrics, the API, the landing page and probes. */
public final class HttpServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  /** How long requests under way may take to end at shutdown. */
  private static final long STOP_MILLIS = 3_000;

  private final ListenAddress address;
  private final WebSecurity security;
  private final CurrentSnapshot current;
  private final Handler metricsPage;
  private final Javalin javalin;

  /**
   * A server that has not started.
   *
   * @param metricsPage answers scrapes, as {@link MetricsPage} does
   */
  public HttpServer(
      ListenAddress address,
      Optional<WebConfig> webConfig,
      CurrentSnapshot current,
      Api api,
      BuildInfo build,
      Handler metricsPage,
      MeterRegistry meters) {
    this.address = address;
    this.security = new WebSecurity(address, webConfig);
    this.current = current;
    this.metricsPage = metricsPage;
    this.javalin =
        Javalin.create(
            config -> {
              configure(config, meters);
              new ApiRoutes(api).addTo(config.routes);
              new LandingPage(current, api.networks().first(), build).addTo(config.routes);
            });
  }

  private void configure(JavalinConfig config, MeterRegistry meters) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    QueuedThreadPool threads = new HttpThreads();
    config.jetty.threadPool = threads;
    security.configure(config);
    config.jetty.modifyServer(server -> instrument(server, threads, meters));

    config.routes.exception(Exception.class, HttpServer::unexpected);
    config.routes.get("/metrics", metricsPage);
    config.routes.get("/-/healthy", context -> context.result("Healthy\n"));
    config.routes.get("/-/ready", this::ready);
  }

  private static void instrument(Server server, QueuedThreadPool threads, MeterRegistry meters) {
    new JettyServerThreadPoolMetrics(threads, Tags.empty()).bindTo(meters);
    server.insertHandler(new TimedHandler(meters, Tags.empty(), new RequestTags()));
    server.insertHandler(new GracefulHandler());
    server.setStopTimeout(STOP_MILLIS);
  }

  /** The client learns nothing about the inside; the log has it all. */
  private static void unexpected(Exception e, Context context) {
    if (e instanceof IOException) {
      log.debug("The client went away during {}", context.path(), e);
    } else {
      log.error("Unexpected failure of {}", context.path(), e);
    }
    context.status(500).result("Internal error\n");
  }

  private void ready(Context context) {
    Optional<String> reason = current.notFresh();
    context.status(reason.isPresent() ? 503 : 200).result(reason.orElse("Ready") + "\n");
  }

  /**
   * Begins to serve.
   *
   * @throws CannotListenException if the address can't be had
   * @throws IllegalStateException if the certificates went bad since the settings were read
   */
  public void start() {
    try {
      javalin.start();
    } catch (JavalinException e) {
      throw new CannotListenException(address, e);
    }
    log.info("Serving at {}://{}:{}/metrics", security.scheme(), address.host(), port());
  }

  /** The port it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Lets requests under way end, as long as that doesn't take forever, and stops. */
  @Override
  public void close() {
    try {
      javalin.stop();
    } catch (JavalinException e) {
      log.warn("Stopped before every request was answered: {} ms were not enough", STOP_MILLIS);
      log.debug("What went wrong while stopping", e);
    }
  }
}
