package io.deployments.exporter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * A client for the pages of an exporter.
 *
 * @param base where it serves, such as {@code http://127.0.0.1:9079}
 * @param authorization the header that lets it in, empty where none is needed
 */
public record ExporterClient(String base, String authorization) {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** A client that nobody knows. */
  public ExporterClient(String base) {
    this(base, "");
  }

  /** The same with a password. */
  public ExporterClient as(String user, String password) {
    byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new ExporterClient(base, "Basic " + Base64.getEncoder().encodeToString(credentials));
  }

  /** Where a page is. */
  public URI uri(String path) {
    return URI.create(base + path);
  }

  /** Requests a page, with headers as alternating names and values. */
  public HttpResponse<String> get(String path, String... headers) {
    return get(HttpResponse.BodyHandlers.ofString(), path, headers);
  }

  /** Requests a page as it is sent, with headers as alternating names and values. */
  public HttpResponse<byte[]> bytes(String path, String... headers) {
    return get(HttpResponse.BodyHandlers.ofByteArray(), path, headers);
  }

  private <T> HttpResponse<T> get(
      HttpResponse.BodyHandler<T> body, String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofMinutes(1));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      return CLIENT.send(request.build(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The page of metrics, or these families of it. */
  public Exposition metrics(String... names) {
    String choice =
        Arrays.stream(names).map(name -> "name%5B%5D=" + name).collect(Collectors.joining("&"));
    return Exposition.parse(get("/metrics" + (choice.isEmpty() ? "" : "?" + choice)).body());
  }

  /** Waits until there is a fresh snapshot. */
  public void awaitReady() {
    Await.until(
        () -> "ready, but: " + get("/-/ready").body(),
        Duration.ofSeconds(60),
        () -> get("/-/ready").statusCode() == 200);
  }

  /** How many refreshes failed for the reason. */
  public double failures(String reason) {
    String name = "deployments_exporter_refresh_failures_total";
    return metrics(name).value(name, "reason", reason).orElseThrow();
  }

  /** When the last good refresh ended, in Unix seconds; 0 before the first. */
  public double lastSuccess() {
    String name = "deployments_exporter_refresh_last_success_timestamp_seconds";
    return metrics(name).value(name).orElseThrow();
  }
}
