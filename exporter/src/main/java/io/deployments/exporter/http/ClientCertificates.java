package io.deployments.exporter.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What a client's certificate has to be like. */
final class ClientCertificates extends X509ExtendedTrustManager {

  /** The kinds of alternative names that are text: e-mail, DNS, URI, IP address (RFC 5280). */
  private static final Set<Integer> TEXT_KINDS = Set.of(1, 2, 6, 7);

  private final Optional<X509ExtendedTrustManager> verifier;
  private final Set<String> allowed;

  private ClientCertificates(Optional<X509ExtendedTrustManager> verifier, Set<String> allowed) {
    this.verifier = verifier;
    this.allowed = allowed.stream().map(ClientCertificates::canonical).collect(Collectors.toSet());
  }

  /**
   * Certificates that anyone may have signed.
   *
   * @param allowed alternative names, one of which is needed; none is if empty
   */
  static ClientCertificates signedByAnyone(Set<String> allowed) {
    return new ClientCertificates(Optional.empty(), allowed);
  }

  /**
   * Certificates signed by one of these.
   *
   * @param allowed alternative names, one of which is needed; none is if empty
   */
  static ClientCertificates signedBy(List<X509Certificate> authorities, Set<String> allowed) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (X509Certificate authority : authorities) {
        store.setCertificateEntry("authority " + store.size(), authority);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return new ClientCertificates(
          Optional.of((X509ExtendedTrustManager) factory.getTrustManagers()[0]), allowed);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("This Java can't verify certificates", e);
    }
  }

  private void checkNames(X509Certificate[] chain) throws CertificateException {
    if (allowed.isEmpty()) {
      return;
    }
    var names = chain[0].getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (TEXT_KINDS.contains(name.get(0)) && allowed.contains(canonical(name.get(1)))) {
          return;
        }
      }
    }
    throw new CertificateException("No alternative name of the client's certificate is allowed");
  }

  /** One IPv6 address has many spellings. */
  private static String canonical(Object name) {
    String text = String.valueOf(name);
    if (text.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      try {
        // A colon makes this a literal: nothing is looked up.
        return InetAddress.getByName(text).getHostAddress();
      } catch (UnknownHostException e) {
        return text;
      }
    }
    return text;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (verifier.isPresent()) {
      verifier.get().checkClientTrusted(chain, authType, engine);
    }
    checkNames(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    if (verifier.isPresent()) {
      verifier.get().checkClientTrusted(chain, authType, socket);
    }
    checkNames(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (verifier.isPresent()) {
      verifier.get().checkClientTrusted(chain, authType);
    }
    checkNames(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("A server checks no servers");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("A server checks no servers");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("A server checks no servers");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return verifier
        .map(X509ExtendedTrustManager::getAcceptedIssuers)
        .orElseGet(() -> new X509Certificate[0]);
  }
}
