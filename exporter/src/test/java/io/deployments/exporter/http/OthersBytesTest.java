package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.settings.ListenAddress;
import io.deployments.exporter.testing.Await;
import io.javalin.Javalin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client sends never gets into the answer to another, nor into another's request. */
class OthersBytesTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private volatile @Nullable Thread first;
  private volatile @Nullable Thread second;
  private volatile @Nullable ByteBuffer used;
  private volatile boolean leftOff;

  /** What the second reader reads into. */
  private final CompletableFuture<ByteBuffer> usedNext = new CompletableFuture<>();

  private final Javalin javalin =
      Javalin.create(
          config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.threadPool = new Threads();
            new WebSecurity(new ListenAddress("127.0.0.1", 0), Optional.empty()).configure(config);
          });

  @BeforeEach
  void start() {
    javalin.start();
  }

  @AfterEach
  void stop() {
    javalin.stop();
  }

  private Connector connector() {
    return javalin.jettyServer().server().getConnectors()[0];
  }

  /**
   * The schedule under which Jetty by itself reads into a buffer that it gives back: a thread finds
   * the headers too long and has another one answer; the end of that answer has a third one, here
   * called the second reader, read on; before it does, the first gives the buffer back.
   */
  @Test
  void whatComesAfterAnErrorIsReadIntoAnotherBuffer() {
    EndPoint endPoint = new EndPoint(connector());
    Connection connection =
        connector().getDefaultConnectionFactory().newConnection(connector(), endPoint);
    endPoint.setConnection(connection);
    endPoint.addInput("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(8_000) + "\r\n");

    first = Thread.currentThread();
    ((Runnable) connection).run();
    leftOff = true;

    assertThat(usedNext).succeedsWithin(LIMIT).isNotSameAs(used);
    assertThat(endPoint.takeOutputString()).startsWith("HTTP/1.1 431 ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBufferServesOnce(boolean direct) {
    ByteBufferPool buffers = connector().getByteBufferPool();
    RetainableByteBuffer served = buffers.acquire(8_192, direct);
    served.release();

    assertThat(Stream.generate(() -> buffers.acquire(8_192, direct)).limit(10))
        .noneSatisfy(next -> assertThat(next.getByteBuffer()).isSameAs(served.getByteBuffer()));
  }

  /** Holds the first reader up, once somebody else is to answer, until the second is there. */
  private final class Threads extends QueuedThreadPool {

    @Override
    public boolean tryExecute(Runnable task) {
      if (Thread.currentThread() != first) {
        return super.tryExecute(task);
      }
      execute(task);
      Await.until(() -> "second reader: " + second, LIMIT, this::secondWaits);
      return true;
    }

    @Override
    public void execute(Runnable task) {
      super.execute(task instanceof Connection ? () -> asSecond(task) : task);
    }

    private void asSecond(Runnable task) {
      second = Thread.currentThread();
      task.run();
    }

    /** For the first to leave off, here or before. */
    private boolean secondWaits() {
      Thread reader = second;
      return reader != null
          && EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING)
              .contains(reader.getState());
    }
  }

  /** Holds the second reader up until the first has left off. */
  private final class EndPoint extends ByteArrayEndPoint {

    EndPoint(Connector connector) {
      super(connector.getScheduler(), LIMIT.toMillis(), BufferUtil.allocate(0), 1_024, true);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      if (Thread.currentThread() == first) {
        used = buffer;
      } else {
        Await.until(() -> "first reader: " + first, LIMIT, () -> leftOff);
        usedNext.complete(buffer);
      }
      return super.fill(buffer);
    }
  }
}
