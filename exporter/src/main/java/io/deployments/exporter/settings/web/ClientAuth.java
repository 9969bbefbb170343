package io.deployments.exporter.settings.web;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is asked of a client's certificate, under the names that Go's {@code crypto/tls} has. */
public enum ClientAuth {
  /** None is asked for. */
  NO_CLIENT_CERT("NoClientCert", false, false),
  /** One is asked for, and not looked at. */
  REQUEST_CLIENT_CERT("RequestClientCert", false, false),
  /** One is required, whoever signed it. */
  REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert", true, false),
  /** If there is one, it must be signed by the client authority. */
  VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven", false, true),
  /** One is required, signed by the client authority. */
  REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert", true, true);

  private final String goName;
  private final boolean required;
  private final boolean verified;

  ClientAuth(String goName, boolean required, boolean verified) {
    this.goName = goName;
    this.required = required;
    this.verified = verified;
  }

  /** Whether the handshake fails without a certificate. */
  public boolean required() {
    return required;
  }

  /** Whether the certificate has to be signed by the client authority. */
  public boolean verified() {
    return verified;
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException that says what is allowed
   */
  static ClientAuth parse(String text) {
    // The toolkit still takes the name that its first release had.
    String name = text.equals("RequireClientCert") ? REQUIRE_ANY_CLIENT_CERT.goName : text;
    Optional<ClientAuth> found =
        Arrays.stream(values()).filter(value -> value.goName.equals(name)).findFirst();
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                Arrays.stream(values())
                    .map(ClientAuth::toString)
                    .collect(Collectors.joining(", "))));
  }

  /** The name in the file. */
  @Override
  public String toString() {
    return goName;
  }
}
