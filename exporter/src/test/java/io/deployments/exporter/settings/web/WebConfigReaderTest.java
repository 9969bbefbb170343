package io.deployments.exporter.settings.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.testing.TestAuthority;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebConfigReaderTest {

  private static final String HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final TestAuthority.Identity SERVER = AUTHORITY.server();

  @TempDir private Path folder;

  @BeforeEach
  void writeCertificates() throws IOException {
    SERVER.writeTo(folder);
    Files.writeString(folder.resolve("ca.crt"), AUTHORITY.pem());
  }

  private WebConfig read(String text) throws Exception {
    Path file = folder.resolve("web.yml");
    Files.writeString(file, text);
    return WebConfigReader.read(file);
  }

  private List<String> problems(String text) {
    return catchThrowableOfType(BadWebConfigException.class, () -> read(text)).problems();
  }

  @Test
  void readsWhatTheToolkitReads() throws Exception {
    WebConfig config =
        read(
            """
            tls_server_config:
              cert_file: server.crt
              key_file: %s
              client_ca_file: ca.crt
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [a.example, 10.0.0.1]
              min_version: TLS13
              max_version: TLS13
              prefer_server_cipher_suites: false
              cipher_suites: []
              curve_preferences:
            http_server_config:
              http2: false
              headers:
                X-Frame-Options: sameorigin
                Content-Security-Policy: ""
            basic_auth_users:
              alice: %s
              123: %s
            """
                .formatted(folder.resolve("server.key"), HASH, HASH));
    TlsSettings tls = config.tls().orElseThrow();

    assertThat(tls.certificate())
        .isEqualTo(new PemSource.InFile("cert_file", folder.resolve("server.crt")));
    assertThat(tls.key()).isEqualTo(new PemSource.InFile("key_file", folder.resolve("server.key")));
    assertThat(tls.clientAuthority()).isPresent();
    assertThat(tls.clientAuth()).isEqualTo(ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT);
    assertThat(tls.allowedSans()).isEqualTo(Set.of("a.example", "10.0.0.1"));
    assertThat(tls.lowest()).isEqualTo(TlsVersion.TLS13);
    assertThat(tls.highest()).isEqualTo(TlsVersion.TLS13);
    assertThat(tls.preferServerCipherSuites()).isFalse();
    assertThat(config.headers())
        .isEqualTo(Map.of("X-Frame-Options", "sameorigin", "Content-Security-Policy", ""));
    assertThat(config.users()).containsOnlyKeys("alice", "123");
    assertThat(config.users().get("alice").text()).isEqualTo(HASH);
  }

  @Test
  void hasTheToolkitsDefaults() throws Exception {
    TlsSettings tls =
        read("tls_server_config: {cert_file: server.crt, key_file: server.key}")
            .tls()
            .orElseThrow();

    assertThat(tls.clientAuth()).isEqualTo(ClientAuth.NO_CLIENT_CERT);
    assertThat(tls.lowest()).isEqualTo(TlsVersion.TLS12);
    assertThat(tls.highest()).isEqualTo(TlsVersion.TLS13);
    assertThat(tls.preferServerCipherSuites()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# nothing\n", "tls_server_config:\nhttp_server_config:\nbasic_auth_users:\n"})
  void anEmptyFileAsksForNothing(String text) throws Exception {
    WebConfig config = read(text);

    assertThat(config.tls()).isEmpty();
    assertThat(config.users()).isEmpty();
    assertThat(config.headers()).isEmpty();
  }

  @Test
  void takesCertificatesFromTheFileItself() throws Exception {
    String pem = SERVER.certificatePem().indent(4);
    WebConfig config =
        read("tls_server_config:\n  cert: |\n" + pem + "  key: |\n" + SERVER.keyPem().indent(4));

    assertThat(config.tls()).isPresent();
    assertThat(config.toString()).doesNotContain("PRIVATE KEY");
    assertThat(TlsMaterial.read(config.tls().orElseThrow()).toString())
        .doesNotContain("PRIVATE KEY");
  }

  /** The forms that keys have in the field, as OpenSSL writes them. */
  @Test
  void takesEveryFormOfKey() throws Exception {
    PrivateKeyInfo pkcs8 = PrivateKeyInfo.getInstance(SERVER.keys().getPrivate().getEncoded());
    ASN1Encodable curve = pkcs8.getPrivateKeyAlgorithm().getParameters();
    BigInteger secret = ((ECPrivateKey) SERVER.keys().getPrivate()).getS();
    StringWriter sec1 = new StringWriter();
    try (PemWriter writer = new PemWriter(sec1)) {
      writer.writeObject(new PemObject("EC PARAMETERS", curve.toASN1Primitive().getEncoded()));
      writer.writeObject(
          new PemObject(
              "EC PRIVATE KEY",
              new org.bouncycastle.asn1.sec.ECPrivateKey(256, secret, curve).getEncoded()));
    }
    assertThat(sec1.toString()).contains("BEGIN EC PARAMETERS", "BEGIN EC PRIVATE KEY");
    Files.writeString(folder.resolve("server.key"), "Some text\n" + sec1);

    assertThat(read("tls_server_config: {cert_file: server.crt, key_file: server.key}").tls())
        .isPresent();
    Files.writeString(folder.resolve("both.pem"), sec1 + SERVER.certificatePem());
    assertThat(read("tls_server_config: {cert_file: both.pem, key_file: both.pem}").tls())
        .isPresent();
  }

  @Test
  void tellsEveryProblemWithItsLine() {
    assertThat(
            problems(
                """
                tls_server_config:
                  cert_file: server.crt
                  key_file: server.key
                  min_version: TLS10
                  cipher_suites:
                    - TLS_AES_128_GCM_SHA256
                tls_sever_config: {}
                basic_auth_users:
                  alice: secret
                """))
        .containsExactly(
            "line 4: min_version: is 'TLS10'; allowed: TLS12, TLS13; Java no longer offers older"
                + " versions",
            "line 5: cipher_suites: not supported, its names are Go's; remove it, Java's choice is"
                + " sound, and jdk.tls.disabledAlgorithms in Java's security file takes suites away",
            "line 7: tls_sever_config: unknown key; allowed: tls_server_config,"
                + " http_server_config, basic_auth_users",
            "line 9: alice: its password; allowed: a bcrypt hash with a cost from 4 to 16, as"
                + " `htpasswd -nBC 10 USER` prints it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing: 1 | line 1: nothing: unknown key",
        "tls_server_config: {FILES, curve_preferences: [X25519]} | curve_preferences: not supported",
        "tls_server_config: {FILES, ca_file: a} | ca_file: unknown key; allowed: cert_file",
        "tls_server_config: {cert_file: server.crt} | key_file: missing",
        "tls_server_config: {key_file: server.key} | cert_file: missing",
        "tls_server_config: {cert_file: '', key_file: server.key} | cert_file: missing",
        "tls_server_config: {FILES, cert: x} | cert: cert_file is there already",
        "tls_server_config: {FILES, client_auth_type: Maybe} | is 'Maybe'; allowed: NoClientCert,",
        "tls_server_config: {FILES, client_auth_type: RequireAndVerifyClientCert} | needs client_ca",
        "tls_server_config: {FILES, client_ca_file: ca.crt} | asks for no certificate",
        "tls_server_config: {FILES, client_allowed_sans: [a]} | client_allowed_sans: needs",
        "tls_server_config: {FILES, client_allowed_sans: a} | client_allowed_sans: allowed: a list",
        "tls_server_config: {FILES, min_version: TLS13, max_version: TLS12} | above max_version",
        "tls_server_config: {FILES, prefer_server_cipher_suites: 1} | allowed: true, false",
        "tls_server_config: {cert_file: ca.crt, key_file: server.key} | not the key of the first",
        "tls_server_config: {cert_file: server.key, key_file: server.key} | holds no certificate",
        "tls_server_config: {cert_file: server.crt, key_file: server.crt} | holds no private key",
        "tls_server_config: {cert_file: server.crt, key_file: away} | can't read",
        "tls_server_config: {cert: x, key: y} | line 1: cert, which holds no certificate",
        "tls_server_config: 5 | tls_server_config: allowed: keys with values below",
        "http_server_config: {http2: true} | http2: HTTP/2 is not supported; remove it",
        "http_server_config: {http2: yes} | http2: allowed: true, false",
        "http_server_config: {http3: true} | http3: unknown key; allowed: http2, headers",
        "http_server_config: {headers: {Server: x}} | Server: unknown key",
        "http_server_config: {headers: {X-Frame-Options: no}} | is 'no'; allowed: deny, sameorigin",
        "http_server_config: {headers: {X-XSS-Protection: \"a\\r\\nb: c\"}} | printable ASCII",
        "rate_limit: {interval: 1s, burst: 5} | rate_limit: not supported; remove it",
        "basic_auth_users: {a: $2y$17$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG} | cost",
        "basic_auth_users: {a: $2y$10$short} | a: its password",
        "basic_auth_users: {a: } | a: its password",
        "basic_auth_users: {'a:b': x} | allowed: a name without colon",
        "basic_auth_users: [a] | basic_auth_users: allowed: keys with values below",
        "rate_limit: | rate_limit: not supported",
        "[] | line 1: not what a web configuration starts with",
        "- a | line 1: not what a web configuration starts with",
        "'a: [' | line 1: no YAML",
        "a: *b | line 1: no YAML",
      })
  void refuses(String text, String problem) {
    assertThat(problems(text.replace("FILES", "cert_file: server.crt, key_file: server.key")))
        .singleElement()
        .asString()
        .startsWith("line 1: ")
        .contains(problem);
  }

  @Test
  void refusesAKeyThatStandsThereTwice() {
    assertThat(problems("basic_auth_users:\n\nbasic_auth_users:\n"))
        .containsExactly("line 3: 'basic_auth_users' is there already, in line 1");
  }

  @Test
  void refusesWhatIsNoYaml() {
    assertThat(problems("a: b\n  c: d\n")).singleElement().asString().startsWith("line 2: no YAML");
    assertThat(problems("a\u0000b")).singleElement().asString().startsWith("line 1: no YAML");
    assertThat(problems("a: 1\n---\nb: 2\n")).singleElement().asString().contains("no YAML");
  }

  @Test
  void usersAreReadWhileCertificatesAreAway() throws Exception {
    Path file = folder.resolve("web.yml");
    Files.writeString(
        file,
        "tls_server_config: {cert_file: away, key_file: away}\nbasic_auth_users: {a: "
            + HASH
            + "}\n");

    assertThat(WebConfigReader.readUsers(file)).containsOnlyKeys("a");
    assertThatThrownBy(() -> WebConfigReader.read(file)).isInstanceOf(BadWebConfigException.class);
  }

  @Test
  void itsProblemsAreAmongThoseOfTheSettings() throws IOException {
    Path file = folder.resolve("web.yml");
    Files.writeString(file, "a: 1\nb: 2\nbasic_auth_users: {alice: plain-secret}\n");
    List<String> problems = settingsProblems(file.toString());

    assertThat(problems).hasSize(4);
    assertThat(problems.get(0)).startsWith("LISTEN_ADDRESS is 'x'");
    assertThat(problems.subList(1, 4))
        .allSatisfy(p -> assertThat(p).startsWith("WEB_CONFIG_FILE is '" + file + "', line "))
        .noneSatisfy(p -> assertThat(p).contains("plain-secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere/web.yml", "/", "\0"})
  void aFileThatIsNotThereIsAProblem(String file) {
    assertThat(settingsProblems(file))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("WEB_CONFIG_FILE is '")
        .endsWith("allowed: a UTF-8 file that this process can read");
  }

  private static List<String> settingsProblems(String file) {
    Map<String, String> environment =
        Map.of(
            "DATABASE_URL", "postgresql://127.0.0.1/a",
            "LISTEN_ADDRESS", "x",
            "WEB_CONFIG_FILE", file);
    return catchThrowableOfType(
            BadSettingsException.class, () -> new SettingOptions().read(environment))
        .problems();
  }
}
