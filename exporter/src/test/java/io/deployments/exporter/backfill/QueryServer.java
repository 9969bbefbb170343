package io.deployments.exporter.backfill;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A running Prometheus or VictoriaMetrics that scrapes one exporter as the job {@code demo}. */
final class QueryServer implements AutoCloseable {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern SAMPLE = Pattern.compile("\\[([0-9.]+),\"([^\"]*)\"]");

  private final Process process;
  private final int port;

  private QueryServer(Process process, int port, Path log, String readyPath) {
    this.process = process;
    this.port = port;
    Await.until(
        () -> "ready: " + read(log),
        Duration.ofSeconds(30),
        () -> {
          try {
            return send(readyPath, "GET", BodyPublishers.noBody()).statusCode() == 200;
          } catch (UncheckedIOException e) {
            return false;
          }
        });
  }

  static QueryServer prometheus(InstalledProgram program, Path folder, int exporterPort) {
    return prometheus(program, folder, exporterPort, "");
  }

  /** A Prometheus that also sends all it scrapes to another server. */
  static QueryServer prometheus(
      InstalledProgram program, Path folder, int exporterPort, QueryServer receiver) {
    return prometheus(
        program,
        folder,
        exporterPort,
        """
        remote_write:
          - url: http://127.0.0.1:%d/api/v1/write
            queue_config:
              batch_send_deadline: 1s
        """
            .formatted(receiver.port));
  }

  private static QueryServer prometheus(
      InstalledProgram program, Path folder, int exporterPort, String more) {
    int port = InstalledProgram.freePort();
    Path log = folder.resolve("log");
    Process process =
        program.start(
            log,
            "--config.file=" + configuration(folder, exporterPort, more),
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--storage.tsdb.retention.time=10y",
            "--web.listen-address=127.0.0.1:" + port);
    return new QueryServer(process, port, log, "/-/ready");
  }

  static QueryServer victoriaMetrics(InstalledProgram program, Path folder, int exporterPort) {
    return victoriaMetrics(
        program, folder, "-promscrape.config=" + configuration(folder, exporterPort, ""));
  }

  /** A VictoriaMetrics that scrapes as the flag says; with no such flag, nothing. */
  static QueryServer victoriaMetrics(InstalledProgram program, Path folder, String... scraping) {
    int port = InstalledProgram.freePort();
    Path log = folder.resolve("log");
    Stream<String> flags =
        Stream.of(
            "-storageDataPath=" + folder.resolve("data"),
            "-retentionPeriod=10y",
            // Else it takes a sample for current as long as the samples around it are apart, and
            // those five minutes apart would have gaps where they meet those a second apart.
            "-search.minStalenessInterval=5m",
            // Else the newest half minute is held back, and with it the live samples.
            "-search.latencyOffset=0s",
            "-httpListenAddr=127.0.0.1:" + port);
    Process process =
        program.start(log, Stream.concat(flags, Arrays.stream(scraping)).toArray(String[]::new));
    return new QueryServer(process, port, log, "/health");
  }

  private static Path configuration(Path folder, int exporterPort, String more) {
    try {
      return Files.writeString(
          folder.resolve("prometheus.yml"),
          """
          global:
            scrape_interval: 1s
          scrape_configs:
            - job_name: demo
              static_configs:
                - targets: ["127.0.0.1:%d"]
          """
                  .formatted(exporterPort)
              + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(String path, String method, BodyPublisher body) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
    if (path.endsWith("#gzip")) {
      request.header("Content-Encoding", "gzip");
    }
    try {
      return CLIENT.send(
          request.method(method, body).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What VictoriaMetrics' import is sent with curl. */
  void load(Path file) throws IOException {
    String encoding = file.toString().endsWith(".gz") ? "#gzip" : "";
    HttpResponse<String> answer =
        send("/api/v1/import/prometheus" + encoding, "POST", BodyPublishers.ofFile(file));
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    send("/internal/force_flush", "GET", BodyPublishers.noBody());
    send("/internal/resetRollupResultCache", "GET", BodyPublishers.noBody());
  }

  /** The values of each series that the query gives, by time in Unix seconds. */
  List<SortedMap<Long, Double>> range(String query, Instant start, Instant end, Duration step) {
    return query(
        "query_range?nocache=1&start="
            + start.getEpochSecond()
            + "&end="
            + end.getEpochSecond()
            + "&step="
            + step.toSeconds(),
        query);
  }

  /** The value of each series that the query gives at a moment. */
  List<SortedMap<Long, Double>> instant(String query, Instant moment) {
    return query("query?nocache=1&time=" + moment.getEpochSecond(), query);
  }

  private List<SortedMap<Long, Double>> query(String pathAndArguments, String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    HttpResponse<String> answer =
        send("/api/v1/" + pathAndArguments + "&query=" + encoded, "GET", BodyPublishers.noBody());
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
    List<SortedMap<Long, Double>> result = new ArrayList<>();
    String[] series = answer.body().split("\"metric\":");
    for (int i = 1; i < series.length; i++) {
      SortedMap<Long, Double> values = new TreeMap<>();
      Matcher samples = SAMPLE.matcher(series[i]);
      while (samples.find()) {
        values.put(
            (long) Double.parseDouble(samples.group(1)), Double.parseDouble(samples.group(2)));
      }
      result.add(values);
    }
    return result;
  }

  @Override
  public void close() {
    InstalledProgram.stop(process);
  }
}
