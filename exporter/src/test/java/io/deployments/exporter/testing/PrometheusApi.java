package io.deployments.exporter.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a Prometheus answers. */
public final class PrometheusApi {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI address;
  private final Map<String, String> headers;

  /** A client for the server at an address. */
  public PrometheusApi(URI address) {
    this(address, Map.of());
  }

  /** One that sends these headers with every request. */
  PrometheusApi(URI address, Map<String, String> headers) {
    this.address = address;
    this.headers = headers;
  }

  /** Where it is. */
  public URI address() {
    return address;
  }

  /**
   * A series of an answer.
   *
   * @param labels its name is {@code __name__}, as far as it has one
   * @param values by time in Unix seconds, at least one
   */
  public record Series(Map<String, String> labels, SortedMap<Long, Double> values) {

    /** The newest value. */
    public double last() {
      return values.get(values.lastKey());
    }
  }

  /** Said instead of an answer: the expression can't be evaluated. */
  public static final class QueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private QueryException(String message) {
      super(message);
    }
  }

  /** The answer at a moment, a scalar as a series without labels. */
  public List<Series> instant(String expression, Instant moment) {
    return series(get("query", "query", expression, "time", seconds(moment)));
  }

  /** The answer over a time. */
  public List<Series> range(String expression, Instant start, Instant end, Duration step) {
    return series(
        get(
            "query_range",
            "query",
            expression,
            "start",
            seconds(start),
            "end",
            seconds(end),
            "step",
            String.valueOf(step.toMillis() / 1e3)));
  }

  /** The values of a label, of the series that a selector selects; of all if it is empty. */
  public List<String> labelValues(String label, String selector) {
    String path = "label/" + label + "/values";
    List<String> values = new ArrayList<>();
    (selector.isEmpty() ? get(path) : get(path, "match[]", selector))
        .forEach(value -> values.add(value.asText()));
    return values;
  }

  /** What another path of its interface has under {@code data}. */
  public JsonNode get(String path, String... arguments) {
    StringBuilder uri = new StringBuilder(address + "/api/v1/" + path);
    for (int i = 0; i < arguments.length; i += 2) {
      uri.append(i == 0 ? '?' : '&')
          .append(URLEncoder.encode(arguments[i], UTF_8))
          .append('=')
          .append(URLEncoder.encode(arguments[i + 1], UTF_8));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri.toString())).timeout(Duration.ofMinutes(1));
    headers.forEach(request::header);
    try {
      JsonNode answer =
          JSON.readTree(
              CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8)).body());
      if (!answer.path("status").asText().equals("success")) {
        throw new QueryException(answer.path("error").asText());
      }
      return answer.get("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String seconds(Instant moment) {
    return String.valueOf(moment.toEpochMilli() / 1e3);
  }

  private static List<Series> series(JsonNode data) {
    List<Series> result = new ArrayList<>();
    if (data.get("resultType").asText().equals("scalar")) {
      result.add(new Series(Map.of(), values(JSON.createArrayNode().add(data.get("result")))));
      return result;
    }
    for (JsonNode series : data.get("result")) {
      Map<String, String> labels = new TreeMap<>();
      series
          .get("metric")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      JsonNode samples =
          series.has("value")
              ? JSON.createArrayNode().add(series.get("value"))
              : series.path("values");
      result.add(new Series(labels, values(samples)));
    }
    return result;
  }

  private static SortedMap<Long, Double> values(JsonNode samples) {
    SortedMap<Long, Double> values = new TreeMap<>();
    for (JsonNode sample : samples) {
      String value = sample.get(1).asText().replace("Inf", "Infinity");
      values.put((long) sample.get(0).asDouble(), Double.parseDouble(value));
    }
    return values;
  }
}
