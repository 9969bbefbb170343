package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployments.exporter.testing.TestAuthority;
import io.deployments.exporter.testing.TestAuthority.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  private static final String FILES = "cert_file: server.crt, key_file: server.key";

  private final TestAuthority authority = new TestAuthority("authority");
  private final Identity server = authority.server();

  @TempDir private Path folder;

  @BeforeEach
  void writeCertificate() throws IOException {
    server.writeTo(folder);
  }

  private ServedPages serve(String tls) throws IOException {
    Path file = folder.resolve("web.yml");
    Files.writeString(file, "tls_server_config: {" + tls + "}\n");
    return ServedPages.guarded(file);
  }

  private SSLContext anyone() {
    return authority.client(Optional.empty());
  }

  /** A handshake on a new connection and without a session before; gives what the server showed. */
  private X509Certificate handshake(ServedPages pages, String... protocols) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) anyone().getSocketFactory().createSocket("127.0.0.1", pages.port())) {
      if (protocols.length > 0) {
        socket.setEnabledProtocols(protocols);
      }
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void servesOverTls() throws IOException {
    try (ServedPages pages = serve(FILES)) {
      assertThat(pages.get(anyone(), "/metrics").statusCode()).isEqualTo(200);
      assertThat(pages.get(anyone(), "/-/healthy").body()).isEqualTo("Healthy\n");
      assertThat(handshake(pages, "TLSv1.2")).isEqualTo(server.certificate());
      assertThat(handshake(pages, "TLSv1.3")).isEqualTo(server.certificate());
      assertThat(pages.raw("127.0.0.1", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"))
          .as("plain HTTP")
          .doesNotContain("HTTP/1.1 200");
    }
  }

  @Test
  void keepsToTheVersionsAllowed() throws IOException {
    try (ServedPages pages = serve(FILES + ", min_version: TLS13")) {
      assertThat(handshake(pages, "TLSv1.3")).isEqualTo(server.certificate());
      assertThatThrownBy(() -> handshake(pages, "TLSv1.2")).isInstanceOf(SSLException.class);
    }
    try (ServedPages pages = serve(FILES + ", max_version: TLS12")) {
      assertThat(handshake(pages, "TLSv1.2")).isEqualTo(server.certificate());
      assertThatThrownBy(() -> handshake(pages, "TLSv1.3")).isInstanceOf(SSLException.class);
    }
  }

  private ServedPages serveClients(String more) throws IOException {
    Files.writeString(folder.resolve("ca.crt"), authority.pem());
    return serve(FILES + ", client_ca_file: ca.crt, " + more);
  }

  private void assertRefused(ServedPages pages, Optional<Identity> client) {
    assertThatThrownBy(() -> pages.get(authority.client(client), "/-/healthy"))
        .isInstanceOf(IOException.class);
  }

  private void assertServed(ServedPages pages, Optional<Identity> client) throws IOException {
    assertThat(pages.get(authority.client(client), "/metrics").statusCode()).isEqualTo(200);
  }

  @Test
  void requiresAndVerifiesAClientCertificate() throws IOException {
    Identity stranger = new TestAuthority("other").issue("stranger");
    try (ServedPages pages = serveClients("client_auth_type: RequireAndVerifyClientCert")) {
      assertRefused(pages, Optional.empty());
      assertRefused(pages, Optional.of(stranger));
      assertServed(pages, Optional.of(authority.issue("prometheus")));
    }
  }

  @Test
  void verifiesAClientCertificateIfGiven() throws IOException {
    try (ServedPages pages = serveClients("client_auth_type: VerifyClientCertIfGiven")) {
      assertServed(pages, Optional.empty());
      assertServed(pages, Optional.of(authority.issue("prometheus")));
    }
  }

  @Test
  void asksForAClientCertificateWithoutVerifying() throws IOException {
    Identity stranger = new TestAuthority("other").issue("stranger");
    try (ServedPages pages = serve(FILES + ", client_auth_type: RequireAnyClientCert")) {
      assertRefused(pages, Optional.empty());
      assertServed(pages, Optional.of(stranger));
    }
    try (ServedPages pages = serve(FILES + ", client_auth_type: RequestClientCert")) {
      assertServed(pages, Optional.empty());
      assertServed(pages, Optional.of(stranger));
    }
  }

  @Test
  void asksForAnAlternativeName() throws IOException {
    try (ServedPages pages =
        serveClients(
            "client_auth_type: RequireAndVerifyClientCert,"
                + " client_allowed_sans: [prometheus.example, '2001:db8::1', 'spiffe://a/b']")) {
      assertServed(pages, Optional.of(client(GeneralName.dNSName, "prometheus.example")));
      assertServed(pages, Optional.of(client(GeneralName.iPAddress, "2001:0db8:0:0:0:0:0:1")));
      assertServed(
          pages, Optional.of(client(GeneralName.uniformResourceIdentifier, "spiffe://a/b")));
      assertRefused(pages, Optional.of(client(GeneralName.dNSName, "other.example")));
      assertRefused(pages, Optional.of(authority.issue("prometheus.example")));
    }
  }

  private Identity client(int kind, String name) {
    return authority.issue("client", new GeneralName(kind, name));
  }

  @Test
  void aRenewedCertificateNeedsNoRestart() throws IOException {
    try (ServedPages pages = serve(FILES)) {
      assertThat(serial(pages)).isEqualTo(server.certificate().getSerialNumber());

      Identity renewed = authority.server();
      renewed.writeTo(folder);
      assertThat(serial(pages)).isEqualTo(renewed.certificate().getSerialNumber());

      Files.writeString(folder.resolve("server.crt"), "half a certif");
      assertThat(serial(pages)).isEqualTo(renewed.certificate().getSerialNumber());
      Files.delete(folder.resolve("server.key"));
      assertThat(serial(pages)).isEqualTo(renewed.certificate().getSerialNumber());

      Identity again = authority.server();
      Files.writeString(folder.resolve("server.crt"), again.certificatePem());
      Files.writeString(folder.resolve("server.key"), renewed.keyPem());
      assertThat(serial(pages)).as("no pair").isEqualTo(renewed.certificate().getSerialNumber());
      again.writeTo(folder);
      assertThat(serial(pages)).isEqualTo(again.certificate().getSerialNumber());
    }
  }

  /** Kubernetes mounts a secret as links through a link, and moves that one. */
  @Test
  void aMovedLinkIsARenewalToo() throws IOException {
    Identity next = authority.server();
    server.writeTo(Files.createDirectory(folder.resolve("..1")));
    next.writeTo(Files.createDirectory(folder.resolve("..2")));
    Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    for (String name : new String[] {"server.crt", "server.key"}) {
      Files.delete(folder.resolve(name));
      Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
    }
    try (ServedPages pages = serve(FILES)) {
      assertThat(serial(pages)).isEqualTo(server.certificate().getSerialNumber());

      Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
      Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      assertThat(serial(pages)).isEqualTo(next.certificate().getSerialNumber());
    }
  }

  @Test
  void aRenewedAuthorityShutsTheOldClientsOut() throws IOException {
    Identity client = authority.issue("client");
    try (ServedPages pages = serveClients("client_auth_type: RequireAndVerifyClientCert")) {
      assertServed(pages, Optional.of(client));
      Files.writeString(folder.resolve("ca.crt"), new TestAuthority("authority").pem());
      assertRefused(pages, Optional.of(client));
    }
  }

  private BigInteger serial(ServedPages pages) throws IOException {
    return handshake(pages).getSerialNumber();
  }
}
