package io.deployments.exporter.settings.web;

import io.deployments.exporter.settings.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

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
  public KeyManager[] identity() throws BadPemException {
    List<X509Certificate> chain = certificates(settings.certificate(), certificate);
    PrivateKey privateKey =
        privateKey(key.value())
            .orElseThrow(
                () ->
                    new BadPemException(
                        settings.key(), "which holds no private key; allowed: PEM, not encrypted"));
    if (!pair(privateKey, chain.get(0).getPublicKey())) {
      throw new BadPemException(
          settings.key(), "which is not the key of the first certificate; allowed: a pair");
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", privateKey, new char[0], chain.toArray(X509Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new BadPemException(settings.key(), "which Java can't use; allowed: RSA, EC, EdDSA");
    }
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
      List<X509Certificate> found = new ArrayList<>();
      for (X509CertificateHolder holder : blocks(pem, X509CertificateHolder.class)) {
        found.add(new JcaX509CertificateConverter().getCertificate(holder));
      }
      if (!found.isEmpty()) {
        return found;
      }
    } catch (IOException | CertificateException | RuntimeException e) {
      // Told below: what a parser says about bytes helps nobody.
    }
    throw new BadPemException(source, "which holds no certificate; allowed: PEM");
  }

  private static Optional<PrivateKey> privateKey(String pem) {
    try {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      for (PrivateKeyInfo key : blocks(pem, PrivateKeyInfo.class)) {
        return Optional.of(converter.getPrivateKey(key));
      }
      for (PEMKeyPair pair : blocks(pem, PEMKeyPair.class)) {
        return Optional.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
      }
    } catch (IOException | RuntimeException e) {
      // Told by the caller, without a word of the key.
    }
    return Optional.empty();
  }

  /** The blocks of one kind; OpenSSL writes others beside them, such as parameters of a curve. */
  private static <T> List<T> blocks(String pem, Class<T> kind) throws IOException {
    List<T> found = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        if (kind.isInstance(block)) {
          found.add(kind.cast(block));
        }
      }
    }
    return found;
  }

  /** A key store takes any two: only a handshake would notice, and fail for every client. */
  private static boolean pair(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return true;
    }
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
