package io.deployments.exporter.http;

import io.deployments.exporter.refresh.CurrentSnapshot;
import io.deployments.exporter.settings.ListenAddress;
import io.deployments.exporter.settings.RefreshSettings;
import io.deployments.exporter.settings.web.BadWebConfigException;
import io.deployments.exporter.settings.web.WebConfig;
import io.deployments.exporter.settings.web.WebConfigReader;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The server without a database: metrics of its own, and no snapshot. */
final class ServedPages implements AutoCloseable {

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpServer server;
  private final String scheme;

  private ServedPages(Optional<WebConfig> config) {
    scheme = config.flatMap(WebConfig::tls).isPresent() ? "https" : "http";
    CurrentSnapshot none =
        new CurrentSnapshot(
            new RefreshSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5), 1),
            InstantSource.system());
    server =
        new HttpServer(
            new ListenAddress("127.0.0.1", 0),
            config,
            none,
            meters.getPrometheusRegistry(),
            meters);
    meters.counter("requests").increment();
    server.start();
  }

  /** Starts without web configuration file. */
  static ServedPages open() {
    return new ServedPages(Optional.empty());
  }

  /** Starts with one. */
  static ServedPages guarded(Path webConfig) {
    try {
      return new ServedPages(Optional.of(WebConfigReader.read(webConfig)));
    } catch (BadWebConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }

  int port() {
    return server.port();
  }

  /** Requests a page over plain HTTP. */
  HttpResponse<String> get(String path, String... headers) throws IOException {
    return send(HttpClient.newHttpClient(), path, headers);
  }

  /** Requests a page on a new connection. */
  HttpResponse<String> get(SSLContext tls, String path, String... headers) throws IOException {
    return send(HttpClient.newBuilder().sslContext(tls).build(), path, headers);
  }

  private HttpResponse<String> send(HttpClient client, String path, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends these very bytes from a loopback address, and gives all that comes back. */
  String raw(String from, String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(from, 0));
      socket.setSoTimeout(30_000);
      socket.connect(new InetSocketAddress("127.0.0.1", port()));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      try {
        for (int b = in.read(); b >= 0; b = in.read()) {
          answer.append((char) b);
        }
      } catch (SocketException e) {
        // Reset, because the server had not read all when it closed: the answer came before.
      }
      return answer.toString();
    }
  }

  @Override
  public void close() {
    server.close();
    meters.close();
  }
}
