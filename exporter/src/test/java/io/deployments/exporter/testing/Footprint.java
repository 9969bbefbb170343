package io.deployments.exporter.testing;

/**
 * What a process holds on to.
 *
 * @param threads of the operating system
 * @param files open file descriptors, sockets among them
 * @param heap bytes of live objects
 */
public record Footprint(int threads, int files, long heap) {

  /**
   * What has grown by more than chance explains: a pool of threads or a cache may have filled up a
   * little, but a leak of one thread, file or 10 kB in each of 100 rounds shows.
   */
  public boolean hasGrownSince(Footprint before) {
    return threads > before.threads + 8
        || files > before.files + 8
        || heap > before.heap + 1_000_000;
  }

  @Override
  public String toString() {
    return "%d threads, %d files, %.1f MB heap".formatted(threads, files, heap / 1e6);
  }
}
