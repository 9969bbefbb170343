package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no honest client sends is refused, in few words. */
class HostileHttpTest {

  private static ServedPages pages;

  @BeforeAll
  static void start() {
    pages = ServedPages.open();
  }

  @AfterAll
  static void stop() {
    pages.close();
  }

  static Stream<Arguments> requests() {
    String rest = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    String head = "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    return Stream.of(
        Arguments.of("a header too long", head + "X: " + "x".repeat(40_000) + "\r\n\r\n", 431),
        Arguments.of("headers too many", head + "X: y\r\n".repeat(8_000) + "\r\n", 431),
        Arguments.of("a path too long", "GET /" + "x".repeat(40_000) + rest, 414),
        Arguments.of("a dot segment", "GET /../metrics" + rest, 400),
        Arguments.of("an encoded dot segment", "GET /%2e%2e/metrics" + rest, 400),
        Arguments.of("an encoded slash", "GET /%2fmetrics" + rest, 400),
        Arguments.of("an encoded percent", "GET /%252e%252e/metrics" + rest, 400),
        Arguments.of("a path parameter", "GET /;/metrics" + rest, 400),
        Arguments.of("a parameter on a dot segment", "GET /..;/metrics" + rest, 400),
        Arguments.of("an empty segment", "GET //metrics" + rest, 400),
        Arguments.of("a backslash", "GET /\\..\\metrics" + rest, 400),
        Arguments.of("a null character", "GET /metrics%00" + rest, 400),
        Arguments.of("broken UTF-8", "GET /%ff%fe" + rest, 400),
        Arguments.of("half an escape", "GET /%e" + rest, 400),
        Arguments.of("a folder of Java's", "GET /WEB-INF/web.xml" + rest, 404),
        Arguments.of("no host", "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        Arguments.of("two hosts", head + "Host: b\r\n\r\n", 400),
        Arguments.of("two lengths", head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        Arguments.of(
            "length and chunks",
            head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        Arguments.of("a body", head + "Content-Length: 5\r\n\r\nhello", 413),
        Arguments.of(
            "a huge body that never comes", head + "Content-Length: 9999999999\r\n\r\n", 413),
        Arguments.of(
            "a chunked body",
            head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            413),
        Arguments.of("an unknown version", "GET /metrics HTTP/9.9\r\nHost: a\r\n\r\n", 400),
        Arguments.of("no HTTP", "hello\r\n\r\n", 400),
        Arguments.of("TLS without TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400),
        Arguments.of("no path", "GET /nothing" + rest, 404));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefused(String what, String request, int status) throws IOException {
    String answer = pages.raw("127.0.0.1", request);

    assertThat(answer).as(what).startsWith("HTTP/1.1 " + status + " ");
    assertGuarded(answer);
    assertThat(pages.get("/metrics").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "OPTIONS",
        "TRACE",
        "QUERY",
        "PROPFIND",
        "FOO",
        "get"
      })
  void onlyReads(String method) throws IOException {
    for (String path : List.of("/metrics", "/-/healthy", "/nothing")) {
      String answer =
          pages.raw(
              "127.0.0.1",
              method
                  + " "
                  + path
                  + " HTTP/1.1\r\nHost: a\r\nX-Secret: s3cret\r\nConnection: close\r\n\r\n");

      assertThat(answer)
          .startsWith("HTTP/1.1 405 ")
          .containsIgnoringCase("\r\nAllow: GET, HEAD\r\n");
      assertThat(answer).doesNotContain("s3cret");
      assertGuarded(answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {";;;q=x,,/", "*/*;q=0", "application/openmetrics-text;version=99", "\u00ff"})
  void aBadAcceptGetsThePageAllTheSame(String accept) throws IOException {
    String answer =
        pages.raw(
            "127.0.0.1",
            "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept: "
                + accept
                + "\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /metrics?name[]=%zz HTTP/1.1\r\nHost: a",
        "GET /metrics?% HTTP/1.1\r\nHost: a",
        "GET /metrics?name[]=%ff%fe HTTP/1.1\r\nHost: a",
        "GET /metrics?name[]=%00&=&&&==;x HTTP/1.1\r\nHost: a",
        "GET /metrics?name[]=\u00ff HTTP/1.1\r\nHost: a",
        "GET /metrics?debug=x HTTP/1.1\r\nHost: a",
        "GET /-/ready?%c0%af HTTP/1.0",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nCookie: =;;;\u00ff=\"",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=x, ;;",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: yesterday\r\nRange: bytes=9-1",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Type: ;;;charset=nothing",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nExpect: 100-continue",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nExpect: miracles",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "GET /metrics HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA",
        "GET /metrics HTTP/1.1\r\nHost: \u00ff\u00ff",
        "GET /metrics HTTP/1.1\r\nHost: a:99999",
        "GET http://other/metrics HTTP/1.1\r\nHost: a",
        "GET metrics HTTP/1.1\r\nHost: a",
        "GET * HTTP/1.1\r\nHost: a",
        "OPTIONS * HTTP/1.1\r\nHost: a",
        "PRI * HTTP/2.0",
        "HEAD /metrics HTTP/0.9",
        "GET /metrics HTTP/1.1\r\nHost: a\r\n folded: yes",
        "GET /metrics HTTP/1.1\r\nHost : a",
        "GET /metrics HTTP/1.1\nHost: a",
        "GET /%uD800 HTTP/1.1\r\nHost: a",
        "GET /%ed%a0%80 HTTP/1.1\r\nHost: a",
      })
  void oddRequestsAreNoErrorOfTheServer(String request) throws IOException {
    String answer = pages.raw("127.0.0.1", request + "\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .matches("(?s)HTTP/1\\.1 (200|4[0-9][0-9]|503) .*")
        .doesNotContain("Exception", "\tat ");
    boolean notReady = request.contains("/-/ready");
    assertThat(answer.startsWith("HTTP/1.1 503")).isEqualTo(notReady);
    assertThat(pages.get("/metrics").statusCode()).isEqualTo(200);
  }

  @Test
  void anOverriddenMethodHasNoEffect() throws IOException {
    assertThat(pages.get("/metrics", "X-HTTP-Method-Override", "DELETE").statusCode())
        .isEqualTo(200);
    assertThat(pages.get("/-/healthy", "X-HTTP-Method-Override", "HEAD").body())
        .isEqualTo("Healthy\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/-/healthy", "/-/ready", "/nothing"})
  void headHasTheHeadersOfGet(String path) throws IOException {
    String rest =
        " " + path + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n";
    String get = pages.raw("127.0.0.1", "GET" + rest);
    String head = pages.raw("127.0.0.1", "HEAD" + rest);

    assertThat(head).endsWith("\r\n\r\n");
    Map<String, String> expected = headers(get);
    Map<String, String> actual = headers(head);
    assertThat(actual).containsOnlyKeys(expected.keySet()).containsKey("content-type");
    // The page of metrics counts its own requests.
    expected.remove("content-length");
    assertThat(actual).containsAllEntriesOf(expected);
  }

  @Test
  void pagesCarrySecurityHeaders() throws IOException {
    HttpResponse<String> page = pages.get("/metrics");
    Map<String, List<String>> headers = page.headers().map();

    assertThat(headers.get("x-content-type-options")).containsExactly("nosniff");
    assertThat(headers.get("x-frame-options")).containsExactly("deny");
    assertThat(headers.get("referrer-policy")).containsExactly("no-referrer");
    assertThat(headers.get("cache-control")).containsExactly("no-store");
    assertThat(headers.get("content-security-policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'; style-src 'self'");
    assertThat(headers).doesNotContainKeys("server", "x-powered-by", "set-cookie");
  }

  @Test
  void manyIdleConnectionsLeaveRoomForOthers() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 600; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), pages.port());
        socket.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.UTF_8));
        idle.add(socket);
      }
      assertThat(pages.get("/metrics").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  private static void assertGuarded(String answer) {
    assertThat(answer)
        .containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n")
        .containsIgnoringCase("\r\nContent-Security-Policy: default-src 'none'")
        .doesNotContainIgnoringCase("\r\nServer:")
        .doesNotContain("Jetty", "jetty", "Exception", "\tat ", "javalin", "<html");
  }

  private static Map<String, String> headers(String answer) {
    Map<String, String> result = new TreeMap<>();
    answer
        .substring(0, answer.indexOf("\r\n\r\n"))
        .lines()
        .skip(1)
        .forEach(
            line ->
                result.put(
                    line.split(": ", 2)[0].toLowerCase(Locale.ROOT), line.split(": ", 2)[1]));
    result.remove("date");
    return result;
  }
}
