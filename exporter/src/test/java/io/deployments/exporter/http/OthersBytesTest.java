package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.settings.ListenAddress;
import io.javalin.Javalin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one client sends never gets into the answer to another, nor into another's request. */
class OthersBytesTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private volatile @Nullable Thread first;
  private final CountDownLatch readsOn = new CountDownLatch(1);
  private final CountDownLatch leftOff = new CountDownLatch(1);
  private final CompletableFuture<Boolean> shared = new CompletableFuture<>();

  /**
   * The schedule under which Jetty reads into a buffer that it has given back: a thread finds the
   * headers too long and has another one answer; the end of that answer has a third one read on;
   * before it does, the first gives the buffer back.
   */
  @Test
  void whatComesAfterAnErrorIsReadIntoNobodysBuffer() {
    Javalin javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.threadPool = new Threads();
              new WebSecurity(new ListenAddress("127.0.0.1", 0), Optional.empty())
                  .configure(config);
            });
    javalin.start();
    try {
      ServerConnector connector =
          (ServerConnector) javalin.jettyServer().server().getConnectors()[0];
      EndPoint endPoint = new EndPoint(connector);
      Connection connection =
          connector.getDefaultConnectionFactory().newConnection(connector, endPoint);
      endPoint.setConnection(connection);
      endPoint.addInput("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(8_000) + "\r\n");

      first = Thread.currentThread();
      ((Runnable) connection).run();
      leftOff.countDown();

      assertThat(shared).as("the buffer is somebody else's").succeedsWithin(LIMIT).isEqualTo(false);
      assertThat(endPoint.takeOutputString()).startsWith("HTTP/1.1 431 ");
    } finally {
      javalin.stop();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Holds the first reader up once it has handed the answer to another thread. */
  private final class Threads extends QueuedThreadPool {

    @Override
    public boolean tryExecute(Runnable task) {
      if (Thread.currentThread() != first) {
        return super.tryExecute(task);
      }
      execute(task);
      await(readsOn);
      return true;
    }
  }

  /** Holds the second reader up until the first has left off. */
  private final class EndPoint extends ByteArrayEndPoint {

    private final ServerConnector connector;

    EndPoint(ServerConnector connector) {
      super(connector.getScheduler(), LIMIT.toMillis(), BufferUtil.allocate(0), 1_024, true);
      this.connector = connector;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      if (Thread.currentThread() != first) {
        readsOn.countDown();
        await(leftOff);
        shared.complete(isOthers(buffer));
      }
      return super.fill(buffer);
    }

    /** Whether another connection can get it, too. */
    @SuppressWarnings("ReferenceEquality") // The very same buffer, not one that holds the same.
    private boolean isOthers(ByteBuffer buffer) {
      HttpConfiguration http =
          connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
      return Stream.generate(
              () ->
                  connector
                      .getByteBufferPool()
                      .acquire(http.getInputBufferSize(), http.isUseInputDirectByteBuffers()))
          .limit(100)
          .anyMatch(other -> other.getByteBuffer() == buffer);
    }
  }
}
