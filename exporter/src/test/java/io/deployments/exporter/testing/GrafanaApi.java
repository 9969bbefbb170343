package io.deployments.exporter.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** What a Grafana answers an administrator. */
public final class GrafanaApi {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI address;
  private final String login;

  /**
   * A client for the server at an address.
   *
   * @param address with {@code user:password@} before the host, unless it is {@code admin:admin}
   */
  public GrafanaApi(URI address) {
    this.address = address;
    this.login = address.getUserInfo() == null ? "admin:admin" : address.getUserInfo();
  }

  /**
   * The answer to a GET.
   *
   * @throws AssertionError if it is none with status 200
   */
  public JsonNode get(String path) {
    return send(path, "GET", HttpRequest.BodyPublishers.noBody());
  }

  /** The answer to a POST, likewise. */
  public JsonNode post(String path, JsonNode body) {
    return send(path, "POST", HttpRequest.BodyPublishers.ofString(body.toString()));
  }

  /**
   * The Prometheus behind one of its data sources, as its dashboards ask for the values of
   * variables.
   */
  public PrometheusApi prometheus(String dataSource) {
    return new PrometheusApi(
        uri("/api/datasources/proxy/uid/" + dataSource), Map.of("Authorization", authorization()));
  }

  private URI uri(String path) {
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return URI.create(address.getScheme() + "://" + address.getHost() + port + path);
  }

  private String authorization() {
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
  }

  private JsonNode send(String path, String method, HttpRequest.BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofMinutes(1))
            .header("Authorization", authorization())
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    try {
      HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      if (answer.statusCode() != 200) {
        throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
