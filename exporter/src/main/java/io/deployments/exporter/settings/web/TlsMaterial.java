package io.deployments.exporter.settings.web;

import io.deployments.exporter.settings.Secret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.KeyManagerUtils;

/**
 * Certificates and key as they were at one moment: equal if nothing changed since.
 *
 * @param settings where they come from
 * @param certificate PEM text
 * @param key PEM text
 * @param clientAuthority PEM text
 */
public record TlsMaterial(
    TlsSettings settings, String certificate, Secret key, Optional<String> clientAuthority) {

  /**
   * Reads what is there now, without looking into it.
   *
   * @throws BadPemException if a file can't be read
   */
  public static TlsMaterial read(TlsSettings settings) throws BadPemException {
    Optional<String> authority = Optional.empty();
    if (settings.clientAuthority().isPresent()) {
      authority = Optional.of(text(settings.clientAuthority().get()));
    }
    return new TlsMaterial(
        settings, text(settings.certificate()), new Secret(text(settings.key())), authority);
  }

  private static String text(PemSource source) throws BadPemException {
    try {
      return source.read();
    } catch (IOException e) {
      throw new BadPemException(source, "which this process can't read; allowed: a PEM file");
    }
  }

  /**
   * The server's certificate and key.
   *
   * @throws BadPemException if they are none, or no pair
   */
  public X509ExtendedKeyManager identity() throws BadPemException {
    List<X509Certificate> chain = certificates(settings.certificate(), certificate);
    PrivateKey privateKey;
    try {
      privateKey = PemUtils.parsePrivateKey(key.value());
    } catch (RuntimeException e) {
      throw new BadPemException(
          settings.key(), "which is no private key; allowed: PEM, not encrypted");
    }
    if (!pair(privateKey, chain.get(0).getPublicKey())) {
      throw new BadPemException(
          settings.key(), "which is not the key of the first certificate; allowed: a pair");
    }
    return KeyManagerUtils.createKeyManager(privateKey, chain.toArray(X509Certificate[]::new));
  }

  /**
   * Those who sign client certificates.
   *
   * @throws BadPemException if there is no certificate in it
   */
  public Optional<List<X509Certificate>> clientAuthorities() throws BadPemException {
    return clientAuthority.isEmpty()
        ? Optional.empty()
        : Optional.of(certificates(settings.clientAuthority().get(), clientAuthority.get()));
  }

  private static List<X509Certificate> certificates(PemSource source, String pem)
      throws BadPemException {
    try {
      return PemUtils.parseCertificate(pem);
    } catch (RuntimeException e) {
      throw new BadPemException(source, "which holds no certificate; allowed: PEM");
    }
  }

  /** A key store takes any two: only a handshake would notice, and fail for every client. */
  private static boolean pair(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> privateKey.getAlgorithm();
        };
    try {
      byte[] message = new byte[32];
      new SecureRandom().nextBytes(message);
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(message);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
