package io.deployments.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exporter as a process of its own, and curl as its client. */
class WebConfigProcessTest {

  private static final Pattern SERVING = Pattern.compile("Serving at (https?://[^/]+)/metrics");

  /** Of the password {@code demo}. */
  private static final String HASH = "$2y$10$vxO8sQz2Xww/atGz9WxlxezzwOPn5T4uDZHnIJg2tGgyT.HSYGbAW";

  @TempDir private Path folder;

  private Process exporter(String webConfig) throws IOException {
    Files.writeString(folder.resolve("web.yml"), webConfig);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Exporter.class.getName(),
            "--database-url=postgresql://127.0.0.1:1/none",
            "--listen-address=127.0.0.1:0",
            "--log-level=debug",
            "--web-config-file=" + folder.resolve("web.yml"));
    return builder.redirectError(log()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  private File log() {
    return folder.resolve("log").toFile();
  }

  private String logged() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return "";
    }
  }

  /** The last line is the status: 000 where there was no answer. */
  private String curl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "--max-time", "20", "--cacert", "ca.crt"));
    command.addAll(List.of("-w", "\n%{http_code}"));
    command.addAll(List.of(arguments));
    Process curl =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    return new String(curl.getInputStream().readAllBytes(), UTF_8);
  }

  @Test
  void curlNeedsCertificateAndPassword() throws Exception {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "curl")));
    assumeTrue(there, "curl is not on the PATH");
    TestAuthority authority = new TestAuthority("authority");
    authority.server().writeTo(folder);
    TestAuthority.Identity client = authority.issue("prometheus");
    Files.writeString(folder.resolve("client.pem"), client.certificatePem() + client.keyPem());
    Files.writeString(folder.resolve("ca.crt"), authority.pem());
    Process exporter =
        exporter(
            """
            tls_server_config:
              cert_file: server.crt
              key_file: server.key
              client_auth_type: RequireAndVerifyClientCert
              client_ca_file: ca.crt
            basic_auth_users:
              prometheus: %s
            """
                .formatted(HASH));
    try {
      Await.until(this::logged, Duration.ofSeconds(30), () -> SERVING.matcher(logged()).find());
      Matcher serving = SERVING.matcher(logged());
      assertThat(serving.find()).isTrue();
      String url = serving.group(1);
      assertThat(url).startsWith("https://");

      assertThat(curl("-E", "client.pem", "-u", "prometheus:demo", url + "/metrics?token=s3cret"))
          .contains("deployments_exporter_database_up")
          .endsWith("\n200");
      assertThat(curl("-E", "client.pem", "-u", "prometheus:wrong", url + "/metrics"))
          .endsWith("\n401");
      assertThat(curl("-E", "client.pem", url + "/metrics")).endsWith("\n401");
      assertThat(curl("-E", "client.pem", url + "/-/healthy")).endsWith("\n200");
      assertThat(curl("-u", "prometheus:demo", url + "/-/healthy")).endsWith("\n000");
      assertThat(curl("-E", "client.pem", "--tls-max", "1.1", url + "/")).endsWith("\n000");

      // Of another authority, so that curl can tell the new one from the old.
      TestAuthority other = new TestAuthority("other");
      other.server().writeTo(folder);
      assertThat(curl("-E", "client.pem", url + "/-/healthy")).endsWith("\n000");
      Files.writeString(folder.resolve("other.crt"), other.pem());
      assertThat(curl("-E", "client.pem", "--cacert", "other.crt", url + "/-/healthy"))
          .endsWith("\n200");

      assertThat(logged())
          .containsPattern("DEBUG .*AccessLog - GET /metrics 200 [0-9]+ bytes [0-9]+ ms")
          .containsPattern("DEBUG .*AccessLog - GET /metrics 401 ")
          .doesNotContain("s3cret", "Authorization", "demo", HASH);
    } finally {
      exporter.destroy();
      exporter.waitFor();
    }
  }

  @Test
  void aBadFileEndsTheStartWithALineForEachProblem() throws Exception {
    Process exporter = exporter("one: 1\ntwo: 2\nbasic_auth_users: {a: plain}\n");

    assertThat(exporter.waitFor()).isEqualTo(2);
    assertThat(logged().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("WEB_CONFIG_FILE is '", "', line "));
  }
}
