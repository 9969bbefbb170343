package io.deployments.exporter.reliability;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.Footprint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand hostile requests, against an exporter of its own that others scrape meanwhile. */
class HostileClientsTest {

  private static final int REQUESTS = 1_000;

  @TempDir private Path folder;

  @Test
  void memoryIsFlatAndOthersAreServed() throws IOException {
    String hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, "demo".toCharArray());
    Path users =
        Files.writeString(
            folder.resolve("web.yml"), "basic_auth_users:\n  prometheus: " + hash + "\n");
    try (ExporterProcess exporter =
        ExporterProcess.start(
            folder,
            List.of("-Xmx64m"),
            Map.of(
                // Nobody listens there, and nobody has to.
                "DATABASE_URL",
                "postgresql://127.0.0.1:1/none",
                "REFRESH_INTERVAL",
                "1h",
                "LISTEN_ADDRESS",
                "127.0.0.1:0",
                "WEB_CONFIG_FILE",
                users.toString()))) {
      ExporterClient stranger = exporter.client();
      ExporterClient client = stranger.as("prometheus", "demo");
      int port = client.uri("/").getPort();
      attack(port, 100);
      client.metrics();
      Footprint before = exporter.footprint();
      Map<String, Integer> answers;
      try (Scrapes scrapes = Scrapes.of(client)) {
        answers = attack(port, REQUESTS);
        scrapes.figures().print(REQUESTS + " hostile requests, answered " + answers);
      }
      Footprint after = exporter.footprint();
      System.out.println("Hostile requests: before " + before + "; after " + after);
      assertThat(answers.keySet()).allMatch(status -> status.matches("4[0-9][0-9]"));
      assertThat(answers.values().stream().mapToInt(count -> count).sum()).isEqualTo(REQUESTS);
      assertThat(after.hasGrownSince(before)).as("%s, then %s", before, after).isFalse();
      assertThat(exporter.log()).doesNotContain("\tat ", "ERROR");
    }
  }

  /** How many got which status. */
  private static Map<String, Integer> attack(int port, int requests) throws IOException {
    Map<String, Integer> answers = new TreeMap<>();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < requests; i++) {
        if (i % 10 == 0) {
          // Says how much is to come, sends a byte of it, and never the rest.
          slow.add(open(port, request(i, "POST /metrics", "Content-Length: 1000000") + "x"));
        }
        answers.merge(answer(open(port, hostile(i)), i % 8), 1, Integer::sum);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    return answers;
  }

  private static String hostile(int i) {
    return switch (i % 8) {
      case 0 -> request(i, "GET /metrics", "X-Long: " + "x".repeat(40_000));
      case 1 -> request(i, "BREW /metrics", "Accept: ;;;q=x");
      case 2 -> request(i, "GET /../../etc/passwd", "Accept: */*");
      case 3 -> request(i, "GET /%2e%2e/%2e%2e/etc/passwd", "Accept: */*");
      case 4 -> request(i, "GET /metrics", "X: y\r\n".repeat(8_000) + "Accept: */*");
      case 5 -> request(i, "POST /metrics", "Content-Length: 9999999999");
      case 6 -> request(i, "GET /metrics", "Accept: " + ",;".repeat(2_000));
      default -> request(i, "GET /nothing?" + "a=b&".repeat(500), "Accept: \u00ff");
    };
  }

  /** Half of them with wrong credentials, other ones each time. */
  private static String request(int i, String line, String headers) {
    boolean isKnown = i / 8 % 2 == 0 && i % 8 != 6;
    String user = isKnown ? "prometheus:demo" : "user" + i + ":guess";
    String credentials = Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
    return line
        + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Basic "
        + credentials
        + "\r\n"
        + headers
        + "\r\n\r\n";
  }

  private static Socket open(int port, String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    try {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    } catch (SocketException e) {
      // It has heard enough.
    }
    return socket;
  }

  private static String answer(Socket socket, int kind) throws IOException {
    StringBuilder answer = new StringBuilder();
    try (socket) {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        answer.append((char) b);
      }
    } catch (SocketTimeoutException e) {
      return "nothing";
    } catch (SocketException e) {
      // Reset, because the server had not read all: the answer came before, if there was one.
    }
    if (answer.isEmpty()) {
      return "reset";
    }
    assertThat(answer.toString())
        .as("answer to a request of kind %d", kind)
        .matches("(?s)HTTP/1\\.1 [0-9]{3} .*")
        // What another request has sent, too.
        .doesNotContain("Exception", "\tat ", "etty", "X: y");
    return answer.substring(9, 12);
  }
}
