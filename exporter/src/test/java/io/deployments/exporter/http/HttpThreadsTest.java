package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class HttpThreadsTest {

  @Test
  void requestsRunOnVirtualThreadsWhereJavaHasThem() throws Exception {
    Assumptions.assumeTrue(
        VirtualThreads.areSupported(), "This Java has no virtual threads; from 21 on it has");
    HttpThreads threads = new HttpThreads();
    threads.start();
    try {
      Executor requests = Objects.requireNonNull(VirtualThreads.getVirtualThreadsExecutor(threads));

      assertThat(CompletableFuture.supplyAsync(VirtualThreads::isVirtualThread, requests).get())
          .isTrue();
    } finally {
      threads.stop();
    }
    assertThat((LifeCycle) VirtualThreads.getVirtualThreadsExecutor(threads))
        .satisfies(virtual -> assertThat(virtual.isStopped()).isTrue());
  }
}
