package io.deployments.exporter.settings.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.deployments.exporter.testing.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that users start from is good for the exporter and for Prometheus' own checker. */
class ExampleWebConfigTest {

  @TempDir private Path folder;
  private Path example;

  @BeforeEach
  void copy() throws IOException {
    TestAuthority authority = new TestAuthority("authority");
    authority.server().writeTo(folder);
    Files.writeString(folder.resolve("client-ca.crt"), authority.pem());
    example = folder.resolve("web.config.yml");
    Files.copy(Path.of("..", "docs", "web.config.example.yml"), example);
  }

  /** Puts commented lines of the example in force. */
  private void uncomment(String beginning) throws IOException {
    String text = Files.readString(example);
    Files.writeString(example, text.replaceAll("(?m)^  # (" + beginning + ")", "  $1"));
  }

  @Test
  void theExporterTakesIt() throws Exception {
    WebConfig config = WebConfigReader.read(example);

    assertThat(config.tls()).isPresent();
    PasswordHash hash = config.users().get("prometheus");
    assertThat(BCrypt.verifyer().verify("demo".toCharArray(), hash.text()).verified).isTrue();

    uncomment("client_|  - ");
    TlsSettings tls = WebConfigReader.read(example).tls().orElseThrow();
    assertThat(tls.clientAuth()).isEqualTo(ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT);
    assertThat(tls.allowedSans()).hasSize(1);
  }

  @Test
  void promtoolTakesIt() throws Exception {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "promtool")));
    assumeTrue(there, "promtool is not on the PATH; Debian's package `prometheus` has it");

    assertAccepted();
    // Older releases of promtool don't know client_allowed_sans.
    uncomment("client_(?!allowed_sans)");
    assertAccepted();
  }

  private void assertAccepted() throws Exception {
    Process promtool =
        new ProcessBuilder("promtool", "check", "web-config", example.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(promtool.waitFor()).as(output).isZero();
  }
}
