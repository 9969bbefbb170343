package io.deployments.exporter.http;

import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** The server's threads; requests run on virtual ones where Java has them. */
final class HttpThreads extends QueuedThreadPool {

  /** Requests at a time; more than the API lets wait for the database. */
  private static final int MAX_THREADS = 128;

  private static final int MIN_THREADS = 4;
  private static final int IDLE_THREAD_MILLIS = 30_000;

  HttpThreads() {
    super(MAX_THREADS, MIN_THREADS, IDLE_THREAD_MILLIS);
    setName("http");
    if (VirtualThreads.areSupported()) {
      VirtualThreadPool virtual = new VirtualThreadPool(MAX_THREADS);
      virtual.setName("http-virtual");
      // Started and stopped along with this pool.
      addBean(virtual);
      setVirtualThreadsExecutor(virtual);
    }
  }
}
