package io.deployments.exporter.testing;

import io.deployments.exporter.Exporter;
import io.deployments.exporter.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;

/** An exporter in this JVM, with a client for its pages. */
public final class RunningExporter implements AutoCloseable {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final Exporter exporter;

  private RunningExporter(Exporter exporter) {
    this.exporter = exporter;
  }

  /** Starts one; the first refresh may still be under way. */
  public static RunningExporter start(Settings settings, InstantSource clock) {
    Exporter exporter = new Exporter(settings, clock);
    exporter.start();
    return new RunningExporter(exporter);
  }

  /** Starts one on the system clock, and waits until it is ready. */
  public static RunningExporter ready(Settings settings) {
    RunningExporter result = start(settings, InstantSource.system());
    result.awaitReady();
    return result;
  }

  /** Waits until there is a fresh snapshot. */
  public void awaitReady() {
    Await.until(
        () -> "ready, but: " + get("/-/ready").body(),
        Duration.ofSeconds(20),
        () -> get("/-/ready").statusCode() == 200);
  }

  /** Where it serves. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + exporter.port() + path);
  }

  /** Requests a page, with headers as alternating names and values. */
  public HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The page of metrics. */
  public Exposition metrics() {
    return Exposition.parse(get("/metrics").body());
  }

  @Override
  public void close() {
    exporter.close();
  }
}
