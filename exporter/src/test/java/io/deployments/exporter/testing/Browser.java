package io.deployments.exporter.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium, told what to do through its DevTools protocol. */
public final class Browser implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private String session = "";
  private int lastId;

  private Browser(Process process, Path profile, URI address) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Receiver(messages))
            .join();
  }

  private record Receiver(BlockingQueue<String> messages, StringBuilder part)
      implements WebSocket.Listener {

    Receiver(BlockingQueue<String> messages) {
      this(messages, new StringBuilder());
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        messages.add(part.toString());
        part.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }
  }

  /** Starts one with a page of the given size in CSS pixels. */
  public static Browser open(int width, int height) throws IOException {
    Path profile = Files.createTempDirectory("chromium");
    Process process =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log.txt").toFile())
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    Await.until(
        () -> "Chromium's DevTools port", Duration.ofSeconds(60), () -> lines(port).size() == 2);
    Browser browser =
        new Browser(
            process,
            profile,
            URI.create("ws://127.0.0.1:" + lines(port).get(0) + lines(port).get(1)));
    String target =
        browser.call("Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
    browser.session =
        browser
            .call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    return browser;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Loads a page, and waits until it and all it refers to are there. */
  public void load(URI page) {
    call("Page.navigate", Map.of("url", page.toString()));
    Await.until(
        () -> page + " loaded",
        Duration.ofSeconds(30),
        () -> evaluate("document.readyState + location.href").asText().equals("complete" + page));
  }

  /** The value of a JavaScript expression in the page. */
  public JsonNode evaluate(String expression) {
    return call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
        .at("/result/value");
  }

  /** Calls a method of the DevTools protocol. */
  public JsonNode call(String method, Map<String, ?> parameters) {
    int id = ++lastId;
    try {
      Map<String, Object> message =
          session.isEmpty()
              ? Map.of("id", id, "method", method, "params", parameters)
              : Map.of("id", id, "method", method, "params", parameters, "sessionId", session);
      socket.sendText(JSON.writeValueAsString(message), true).join();
      while (true) {
        String text = messages.poll(30, TimeUnit.SECONDS);
        if (text == null) {
          throw new AssertionError("Chromium does not answer " + method);
        }
        JsonNode answer = JSON.readTree(text);
        if (answer.path("id").asInt() == id) {
          if (answer.has("error")) {
            throw new AssertionError(method + ": " + answer.get("error"));
          }
          return answer.get("result");
        }
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
