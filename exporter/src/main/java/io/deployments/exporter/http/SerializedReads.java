package io.deployments.exporter.http;

import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Connections that one thread reads at a time. Jetty (12.1.12 to 12.1.14) has a malformed request
 * answered by another thread, and the end of that answer has a third one read on, while the first
 * is still about to give the buffer back: it goes back twice, or is read into afterwards.
 */
final class SerializedReads extends HttpConnectionFactory {

  SerializedReads(HttpConfiguration http) {
    super(http);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection = new OneReader(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  private static final class OneReader extends HttpConnection {

    private final ReentrantLock turn = new ReentrantLock();

    OneReader(HttpConfiguration http, Connector connector, EndPoint endPoint) {
      super(http, connector, endPoint);
    }

    @Override
    public void onFillable() {
      turn.lock();
      try {
        super.onFillable();
      } finally {
        turn.unlock();
      }
    }
  }
}
