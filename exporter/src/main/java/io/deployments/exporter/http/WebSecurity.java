package io.deployments.exporter.http;

import io.deployments.exporter.settings.ListenAddress;
import io.deployments.exporter.settings.web.TlsSettings;
import io.deployments.exporter.settings.web.WebConfig;
import io.javalin.config.JavalinConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;

/**
 * What stands between a client and the routes: TLS and passwords where they are configured, and
 * limits that no honest client notices.
 */
final class WebSecurity {

  /**
   * The request line and all headers: room for a parameter value of 10 kB, percent-encoded, so that
   * its problem can be told; scrapers and browsers send a tenth of it.
   */
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private static final long IDLE_MILLIS = 30_000;

  private static final int MAX_CONNECTIONS = 512;

  /** Connections that say nothing go this soon once there are too many. */
  private static final long IDLE_MILLIS_WHEN_FULL = 1_000;

  private static final int ACCEPT_QUEUE = 64;

  /**
   * Every buffer serves one connection only. From a pool, a buffer that is given back too early
   * brings one client's bytes into the answer to another, or into its request.
   */
  private static final ByteBufferPool BUFFERS = new ByteBufferPool.NonPooling();

  private final ListenAddress address;
  private final Optional<WebConfig> webConfig;
  private final SecurityHeaders headers;
  private final PlainErrors errors;

  WebSecurity(ListenAddress address, Optional<WebConfig> webConfig) {
    this.address = address;
    this.webConfig = webConfig;
    this.headers = new SecurityHeaders(webConfig.map(WebConfig::headers).orElse(Map.of()));
    this.errors = new PlainErrors(headers);
  }

  /** What a URL of this server starts with. */
  String scheme() {
    return webConfig.flatMap(WebConfig::tls).isPresent() ? "https" : "http";
  }

  /** Sets the server up; to be called before handlers are added that must see every request. */
  void configure(JavalinConfig config) {
    config.jetty.modifyHttpConfiguration(this::limit);
    config.jetty.addConnector(this::connector);
    config.jetty.modifyServer(this::guard);
    config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(errors));
  }

  private void limit(HttpConfiguration http) {
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    // A path that two readers may understand in two ways is answered with 400.
    http.setUriCompliance(UriCompliance.RFC3986);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.addCustomizer(headers);
    // Buffers that serve once are cheap on the heap only.
    http.setUseInputDirectByteBuffers(false);
    http.setUseOutputDirectByteBuffers(false);
  }

  private void guard(Server server) {
    NetworkConnectionLimit limit = new NetworkConnectionLimit(MAX_CONNECTIONS, server);
    limit.setEndPointIdleTimeout(IDLE_MILLIS_WHEN_FULL);
    server.addBean(limit);
    server.setErrorHandler(errors);
    server.setRequestLog(new AccessLog());
    // The last one inserted is the first that a request meets.
    webConfig.ifPresent(
        config -> server.insertHandler(new BasicAuth(new CurrentUsers(config), errors)));
    server.insertHandler(new ReadRequestsOnly(errors));
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    HttpConnectionFactory plain = new SerializedReads(http);
    Optional<TlsSettings> tls = webConfig.flatMap(WebConfig::tls);
    List<ConnectionFactory> protocols = new ArrayList<>();
    if (tls.isPresent()) {
      // Scrapers reach a pod by its address, for which no certificate has a name.
      http.addCustomizer(new SecureRequestCustomizer(false));
      protocols.add(
          new SslConnectionFactory(new RenewedCertificates(tls.get()), plain.getProtocol()));
    }
    protocols.add(plain);
    ServerConnector connector =
        new ServerConnector(
            server, null, null, BUFFERS, -1, -1, protocols.toArray(ConnectionFactory[]::new));
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    return connector;
  }
}
