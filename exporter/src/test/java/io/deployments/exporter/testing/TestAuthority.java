package io.deployments.exporter.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that lives as long as a test. */
public final class TestAuthority {

  /** A certificate with its key. */
  public record Identity(X509Certificate certificate, KeyPair keys) {

    /** The certificate as PEM. */
    public String certificatePem() {
      return pem(certificate);
    }

    /** The key as PEM, PKCS #8. */
    public String keyPem() {
      try {
        return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Writes {@code server.crt} and {@code server.key}. */
    public void writeTo(Path folder) throws IOException {
      Files.writeString(folder.resolve("server.crt"), certificatePem());
      Files.writeString(folder.resolve("server.key"), keyPem());
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X500Name name;
  private final Identity self;

  /** A new authority of that name. */
  public TestAuthority(String name) {
    this.name = new X500Name("CN=" + name);
    KeyPair keys = keys();
    Instant now = Instant.now();
    this.self =
        sign(
            this.name,
            this.name,
            keys,
            keys,
            now.minus(Duration.ofDays(3)),
            now.plus(Duration.ofDays(1)),
            Optional.empty());
  }

  /** The authority's certificate as PEM. */
  public String pem() {
    return self.certificatePem();
  }

  /** A certificate for this machine's loopback address. */
  public Identity server() {
    return issue(
        "server",
        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
        new GeneralName(GeneralName.dNSName, "localhost"));
  }

  /** A certificate with alternative names. */
  public Identity issue(String subject, GeneralName... names) {
    Instant now = Instant.now();
    return issue(subject, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)), names);
  }

  /** A certificate that is valid for a time. */
  public Identity issue(String subject, Instant from, Instant until, GeneralName... names) {
    return sign(
        new X500Name("CN=" + subject),
        name,
        keys(),
        self.keys(),
        from,
        until,
        names.length == 0 ? Optional.empty() : Optional.of(new GeneralNames(names)));
  }

  private static Identity sign(
      X500Name subject,
      X500Name issuer,
      KeyPair keys,
      KeyPair issuerKeys,
      Instant from,
      Instant until,
      Optional<GeneralNames> names) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(64, RANDOM),
              Date.from(from),
              Date.from(until),
              subject,
              keys.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(subject.equals(issuer)));
      if (names.isPresent()) {
        builder.addExtension(Extension.subjectAlternativeName, false, names.get());
      }
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA")
                          .build(issuerKeys.getPrivate())));
      return new Identity(certificate, keys);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** TLS for a client that trusts this authority, with a certificate of its own or without. */
  public SSLContext client(Optional<Identity> identity) {
    try {
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry("authority", self.certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyStore own = emptyStore();
      if (identity.isPresent()) {
        own.setKeyEntry(
            "client",
            identity.get().keys().getPrivate(),
            new char[0],
            new X509Certificate[] {identity.get().certificate()});
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
