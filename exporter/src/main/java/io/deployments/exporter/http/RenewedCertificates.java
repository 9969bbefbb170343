package io.deployments.exporter.http;

import io.deployments.exporter.settings.web.BadPemException;
import io.deployments.exporter.settings.web.TlsMaterial;
import io.deployments.exporter.settings.web.TlsSettings;
import io.deployments.exporter.settings.web.TlsVersion;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS with the certificates that the files hold when a client connects. A renewal needs no restart;
 * one that can't be used leaves the last good one in use.
 *
 * <p>The content is compared, not a time of change: however the files are replaced, in place, by
 * renaming or by moving a link, and however fast.
 */
final class RenewedCertificates extends SslContextFactory.Server {

  private static final Logger log = LoggerFactory.getLogger(RenewedCertificates.class);

  private final TlsSettings settings;
  private final ReentrantLock checking = new ReentrantLock();

  /** What was tried last, good or bad; guarded by {@link #checking}, as is the complaint. */
  private @Nullable TlsMaterial tried;

  private @Nullable String complaint;

  /**
   * TLS as the settings say.
   *
   * @throws IllegalStateException if the certificates went bad since the settings were read
   */
  RenewedCertificates(TlsSettings settings) {
    this.settings = settings;
    setIncludeProtocols(
        Arrays.stream(TlsVersion.values())
            .filter(version -> version.compareTo(settings.lowest()) >= 0)
            .filter(version -> version.compareTo(settings.highest()) <= 0)
            .map(TlsVersion::protocol)
            .toArray(String[]::new));
    setUseCipherSuitesOrder(settings.preferServerCipherSuites());
    setRenegotiationAllowed(false);
    switch (settings.clientAuth()) {
      case NO_CLIENT_CERT -> {}
      case REQUEST_CLIENT_CERT, VERIFY_CLIENT_CERT_IF_GIVEN -> setWantClientAuth(true);
      case REQUIRE_ANY_CLIENT_CERT, REQUIRE_AND_VERIFY_CLIENT_CERT -> setNeedClientAuth(true);
    }
    try {
      tried = TlsMaterial.read(settings);
      setSslContext(context(tried));
    } catch (BadPemException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public SSLEngine newSSLEngine(InetSocketAddress client) {
    // Who comes while another connection looks is served with what there is.
    if (checking.tryLock()) {
      try {
        reloadIfChanged();
      } finally {
        checking.unlock();
      }
    }
    return super.newSSLEngine(client);
  }

  private void reloadIfChanged() {
    try {
      TlsMaterial now = TlsMaterial.read(settings);
      if (now.equals(tried)) {
        return;
      }
      tried = now;
      // A context of its own forgets the sessions too, and with them clients of an old authority.
      SSLContext context = context(now);
      reload(factory -> factory.setSslContext(context));
      complaint = null;
      log.info("Serving with a renewed certificate");
    } catch (Exception e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(complaint)) {
        log.error("The renewed certificate can't be used, the last one stays: {}", problem);
      }
      complaint = problem;
    }
  }

  private SSLContext context(TlsMaterial material) throws BadPemException {
    ClientCertificates clients =
        settings.clientAuth().verified()
            ? ClientCertificates.signedBy(
                material.clientAuthorities().orElseThrow(), settings.allowedSans())
            : ClientCertificates.signedByAnyone(settings.allowedSans());
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(material.identity(), new TrustManager[] {clients}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java can't do TLS", e);
    }
  }
}
