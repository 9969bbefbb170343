package io.deployments.exporter.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthTest {

  @TempDir private Path folder;
  private Path config;
  private ServedPages pages;

  @BeforeEach
  void start() throws IOException {
    config = folder.resolve("web.yml");
    write(config, user("alice", hash(BCrypt.Version.VERSION_2Y, 4, "secret")));
    pages = ServedPages.guarded(config);
  }

  @AfterEach
  void stop() {
    pages.close();
  }

  private static String hash(BCrypt.Version version, int cost, String password) {
    return BCrypt.with(version).hashToString(cost, password.toCharArray());
  }

  private static String user(String name, String hash) {
    return "  " + name + ": " + hash + "\n";
  }

  private static void write(Path file, String users) throws IOException {
    Files.writeString(file, "basic_auth_users:\n" + users);
  }

  private static String basic(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  private int status(String user, String password) throws IOException {
    return pages.get("/metrics", "Authorization", basic(user, password)).statusCode();
  }

  @Test
  void theRightPasswordOpens() throws IOException {
    assertThat(status("alice", "secret")).isEqualTo(200);
    assertThat(status("alice", "secret")).isEqualTo(200);
    assertThat(status("alice", "wrong")).isEqualTo(401);
    assertThat(status("alice", "")).isEqualTo(401);
    assertThat(status("bob", "secret")).isEqualTo(401);
    assertThat(status("", "secret")).isEqualTo(401);
    assertThat(status("alice:secret", "")).isEqualTo(401);
  }

  @Test
  void withoutPasswordNothingIsSaid() throws IOException {
    for (String path : List.of("/metrics", "/", "/nothing", "/-/healthy/", "/-/Healthy")) {
      HttpResponse<String> answer = pages.get(path);

      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .hasValue("Basic realm=\"deployment-exporter\", charset=\"UTF-8\"");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(answer.body()).isEqualTo("401 Unauthorized\n");
    }
  }

  @Test
  void whatIsNoBasicAuthIsRefused() throws IOException {
    for (String header :
        List.of(
            "Basic",
            "Basic ",
            "Basic %%%",
            "Basic YWxpY2U=",
            "Bearer YWxpY2U6c2VjcmV0",
            "YWxpY2U6c2VjcmV0",
            "Digest username=alice")) {
      assertThat(pages.get("/metrics", "Authorization", header).statusCode())
          .as(header)
          .isEqualTo(401);
    }
  }

  @Test
  void probesNeedNoPassword() throws IOException {
    assertThat(pages.get("/-/healthy").statusCode()).isEqualTo(200);
    // There is no snapshot here, and a probe is told so.
    assertThat(pages.get("/-/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void hashesOfOtherToolsAndLongPasswords() throws IOException {
    String longPassword = "x".repeat(200);
    BCrypt.Version truncating = BCrypt.Version.VERSION_2Y;
    write(
        config,
        user("a", hash(BCrypt.Version.VERSION_2A, 5, "secret"))
            + user("b", hash(BCrypt.Version.VERSION_2B, 6, "pässwörd €"))
            + user("\"na me\"", hash(truncating, 4, "x".repeat(71))));

    assertThat(status("a", "secret")).isEqualTo(200);
    assertThat(status("b", "pässwörd €")).isEqualTo(200);
    assertThat(status("b", longPassword)).isEqualTo(401);
    assertThat(status("alice", "secret")).isEqualTo(401);
  }

  @Test
  void aChangedFileCountsAtOnce() throws IOException {
    assertThat(status("alice", "secret")).isEqualTo(200);
    Path next = folder.resolve("next.yml");
    write(next, user("alice", hash(BCrypt.Version.VERSION_2Y, 4, "renewed")));
    Files.move(next, config, StandardCopyOption.REPLACE_EXISTING);

    assertThat(status("alice", "secret")).isEqualTo(401);
    assertThat(status("alice", "renewed")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "basic_auth_users:\n", "basic_auth_users: [", "basic_auth_users:\n  bob: x\n"})
  void aBrokenFileKeepsTheUsers(String broken) throws IOException {
    Files.writeString(config, broken);

    assertThat(pages.get("/metrics").statusCode()).isEqualTo(401);
    assertThat(status("alice", "secret")).isEqualTo(200);

    Files.delete(config);
    assertThat(pages.get("/metrics").statusCode()).isEqualTo(401);
    assertThat(status("alice", "secret")).isEqualTo(200);
  }

  @Test
  void wrongPasswordsByTheThousandStarveNobody() throws Exception {
    // Cost 10 is what htpasswd is told to use: 1,000 of these verifications take a minute.
    write(
        config,
        user("alice", hash(BCrypt.Version.VERSION_2Y, 10, "secret"))
            + user("bob", hash(BCrypt.Version.VERSION_2Y, 10, "other")));
    assertThat(status("alice", "secret")).isEqualTo(200);
    ExecutorService attackers = Executors.newFixedThreadPool(50);
    AtomicInteger open = new AtomicInteger(1_000);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        String name = i % 2 == 0 ? "alice" : "user" + i;
        String request = request(basic(name, "guess" + i));
        answers.add(
            attackers.submit(
                () -> {
                  String answer = pages.raw("127.0.0.1", request);
                  open.decrementAndGet();
                  return answer;
                }));
      }
      int scrapes = 0;
      int logins = 0;
      while (open.get() > 0) {
        assertThat(status("alice", "secret")).as("known credentials").isEqualTo(200);
        scrapes++;
        if (logins == 0) {
          String first = pages.raw("127.0.0.2", request(basic("bob", "other")));
          assertThat(first).as("first login of another client").startsWith("HTTP/1.1 200 ");
          logins++;
        }
      }
      assertThat(scrapes).isPositive();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).matches("(?s)HTTP/1\\.1 (401|429) .*").doesNotContain("\tat ");
      }
      assertThat(answers).anySatisfy(answer -> assertThat(answer.get()).contains("Retry-After: 1"));
    } finally {
      attackers.shutdownNow();
    }
  }

  private static String request(String authorization) {
    return "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: "
        + authorization
        + "\r\n\r\n";
  }
}
