package io.deployments.exporter.settings.web;

import java.util.Optional;
import java.util.Set;

/**
 * How to serve HTTPS.
 *
 * @param certificate the server's certificate and those between it and its root
 * @param key the certificate's private key
 * @param clientAuthority what client certificates are signed by
 * @param clientAuth what is asked of a client's certificate
 * @param allowedSans alternative names, one of which a client's certificate must have; any if empty
 * @param lowest the lowest version spoken
 * @param highest the highest version spoken
 * @param preferServerCipherSuites whether the order of cipher suites is the server's
 */
public record TlsSettings(
    PemSource certificate,
    PemSource key,
    Optional<PemSource> clientAuthority,
    ClientAuth clientAuth,
    Set<String> allowedSans,
    TlsVersion lowest,
    TlsVersion highest,
    boolean preferServerCipherSuites) {

  /** Copies the set. */
  public TlsSettings {
    allowedSans = Set.copyOf(allowedSans);
  }
}
