package io.deployments.exporter.http;

import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Accepts a client's certificate only if one of its alternative names is in a list. */
final class AllowedSans extends X509ExtendedTrustManager {

  /** The kinds of alternative names that are text: e-mail, DNS, URI, IP address (RFC 5280). */
  private static final Set<Integer> TEXT_KINDS = Set.of(1, 2, 6, 7);

  private final X509ExtendedTrustManager verifier;
  private final Set<String> allowed;

  /**
   * A check on top of another.
   *
   * @param verifier looks at who signed the certificate
   * @param allowed names as they stand in certificates; an IP address in any spelling
   */
  AllowedSans(X509ExtendedTrustManager verifier, Set<String> allowed) {
    this.verifier = verifier;
    this.allowed = allowed.stream().map(AllowedSans::canonical).collect(Collectors.toSet());
  }

  private void checkNames(X509Certificate[] chain) throws CertificateException {
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
    verifier.checkClientTrusted(chain, authType, engine);
    checkNames(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    verifier.checkClientTrusted(chain, authType, socket);
    checkNames(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    verifier.checkClientTrusted(chain, authType);
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
    return verifier.getAcceptedIssuers();
  }
}
