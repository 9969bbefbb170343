package io.deployments.exporter.http;

import io.deployments.exporter.Exporter;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.settings.web.WebConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
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
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** An exporter without a database: all its pages, and no snapshot. */
final class ServedPages implements AutoCloseable {

  private final Exporter exporter;
  private final String scheme;

  private ServedPages(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    // Nobody listens there.
    environment.put("DATABASE_URL", "postgresql://127.0.0.1:1/none");
    environment.put("LISTEN_ADDRESS", "127.0.0.1:0");
    Settings settings;
    try {
      settings = new SettingOptions().read(environment);
    } catch (BadSettingsException e) {
      throw new IllegalArgumentException(e);
    }
    scheme = settings.webConfig().flatMap(WebConfig::tls).isPresent() ? "https" : "http";
    exporter = new Exporter(settings, InstantSource.system());
    exporter.start();
  }

  /** Starts without web configuration file. */
  static ServedPages open() {
    return new ServedPages(Map.of());
  }

  /** Starts with one. */
  static ServedPages guarded(Path webConfig) {
    return new ServedPages(Map.of("WEB_CONFIG_FILE", webConfig.toString()));
  }

  int port() {
    return exporter.port();
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
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
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
    exporter.close();
  }
}
