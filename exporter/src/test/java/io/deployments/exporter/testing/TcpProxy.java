package io.deployments.exporter.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A proxy on the loopback interface that does to bytes what bad networks do. */
public final class TcpProxy implements AutoCloseable {

  /** What becomes of bytes from now on, in both directions. */
  private sealed interface Treatment {

    record Forward() implements Treatment {}

    record Swallow() implements Treatment {}

    record Delay(Duration duration) implements Treatment {}

    /** Resets a connection when the server has answered so many bytes on it. */
    record Cut(int afterBytes) implements Treatment {}
  }

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Treatment treatment = new Treatment.Forward();

  private TcpProxy(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one in front of a port of the loopback interface. */
  public static TcpProxy to(int target) {
    TcpProxy proxy = new TcpProxy(target);
    run(proxy::accept);
    return proxy;
  }

  /** The port it listens on. */
  public int port() {
    return server.getLocalPort();
  }

  /** Passes everything on. */
  public void forward() {
    treatment = new Treatment.Forward();
  }

  /** Accepts connections and bytes, and passes nothing on. */
  public void swallow() {
    treatment = new Treatment.Swallow();
  }

  /** Holds every piece back for a while. */
  public void delay(Duration duration) {
    treatment = new Treatment.Delay(duration);
  }

  /**
   * Resets open connections, and new ones as soon as the server has answered so many bytes: 0 means
   * at once.
   */
  public void cut(int afterBytes) {
    treatment = new Treatment.Cut(afterBytes);
    sockets.forEach(TcpProxy::reset);
  }

  private static void run(Runnable task) {
    Thread thread = new Thread(task, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (treatment instanceof Treatment.Cut cut && cut.afterBytes() == 0) {
          reset(client);
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // Closed, or the target is down: there is a next connection, or none.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket upstream;
    try {
      upstream = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      reset(client);
      throw e;
    }
    sockets.add(client);
    sockets.add(upstream);
    run(() -> pump(client, upstream, false));
    run(() -> pump(upstream, client, true));
  }

  private void pump(Socket from, Socket to, boolean isAnswer) {
    byte[] piece = new byte[8192];
    int passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        Treatment now = treatment;
        if (now instanceof Treatment.Delay delay) {
          LockSupport.parkNanos(delay.duration().toNanos());
        }
        if (isAnswer && now instanceof Treatment.Cut cut && passed + length > cut.afterBytes()) {
          out.write(piece, 0, Math.max(0, cut.afterBytes() - passed));
          reset(to);
        } else if (!(now instanceof Treatment.Swallow)) {
          out.write(piece, 0, length);
          passed += length;
        }
      }
    } catch (IOException e) {
      // One side is gone; the other goes with it.
    }
    close(from);
    close(to);
  }

  private static void reset(Socket socket) {
    try {
      // Without lingering an end is a reset.
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It was closed already.
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    sockets.forEach(this::close);
  }
}
