package io.deployments.exporter.testing;

import io.deployments.exporter.Exporter;
import io.deployments.exporter.settings.Settings;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.InstantSource;

/** An exporter in this JVM, with a client for its pages. */
public final class RunningExporter implements AutoCloseable {

  private final Exporter exporter;
  private final ExporterClient client;

  private RunningExporter(Exporter exporter) {
    this.exporter = exporter;
    this.client = new ExporterClient("http://127.0.0.1:" + exporter.port());
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

  /** The client of its pages. */
  public ExporterClient client() {
    return client;
  }

  /** Waits until there is a fresh snapshot. */
  public void awaitReady() {
    client.awaitReady();
  }

  /** Where it serves. */
  public URI uri(String path) {
    return client.uri(path);
  }

  /** Requests a page, with headers as alternating names and values. */
  public HttpResponse<String> get(String path, String... headers) {
    return client.get(path, headers);
  }

  /** The page of metrics. */
  public Exposition metrics() {
    return client.metrics();
  }

  @Override
  public void close() {
    exporter.close();
  }
}
