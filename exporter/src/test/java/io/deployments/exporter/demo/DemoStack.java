package io.deployments.exporter.demo;

import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Prometheus and Grafana around the demo's exporter, as far as they are installed. They come up
 * while the exporter serves, and it goes on serving when they don't.
 */
final class DemoStack implements AutoCloseable {

  private static final int PROMETHEUS_PORT = 9090;

  /** Where the links of the alerts lead. */
  private static final int GRAFANA_PORT = 3000;

  private static final String CONTAINERS =
      "\n    Or run the whole stack in containers: docker compose up";

  private final Map<String, String> settings;
  private final String target;
  private final Consumer<String> out;
  private final Path folder;
  private final Deque<ServerProcess> running = new ArrayDeque<>();
  private final Thread starter = new Thread(this::startAll, "demo-stack");
  private final long begun = System.nanoTime();
  private volatile boolean closing;

  /**
   * Starts nothing yet.
   *
   * @param settings of the exporter, as environment variables
   * @param target its host and port
   * @param out told how it goes
   */
  DemoStack(Map<String, String> settings, String target, Consumer<String> out) throws IOException {
    this.settings = settings;
    this.target = target;
    this.out = out;
    this.folder = Files.createTempDirectory("deployment-demo-");
  }

  /** Begins; what comes of it is told. */
  void start() {
    starter.start();
  }

  private void startAll() {
    try {
      Optional<URI> prometheus = startPrometheus();
      if (prometheus.isPresent()) {
        startGrafana(prometheus.get());
      }
    } catch (IllegalStateException | IOException e) {
      failed(e.getMessage());
    } catch (InterruptedException e) {
      // The demo ends.
    }
  }

  private Optional<URI> startPrometheus() throws IOException, InterruptedException {
    Optional<Path> program = DemoPrometheus.program();
    if (program.isEmpty()) {
      out.accept(
          "No prometheus on the PATH, so there is no history, no alert and no dashboard.\n"
              + "    Install it (apt-get install prometheus), or name it:"
              + " PROMETHEUS_BIN=/path/to/prometheus"
              + CONTAINERS);
      return Optional.empty();
    }
    Path own = Files.createDirectory(folder.resolve("prometheus"));
    new DemoHistory(program.get(), settings)
        .load(target, Instant.now(), DemoHistory.STEP, own, this::progress);
    DemoPrometheus prometheus =
        DemoPrometheus.start(
            program.get(),
            own,
            DemoPrometheus.configuration(Repository.path("prometheus/rules"), target),
            port(PROMETHEUS_PORT));
    keep(prometheus.process());
    out.accept("Prometheus " + prometheus.address() + elapsed());
    return Optional.of(prometheus.address());
  }

  private void startGrafana(URI prometheus) throws IOException, InterruptedException {
    Optional<Path> home = DemoGrafana.home();
    if (home.isEmpty()) {
      out.accept(
          "No grafana on the PATH, so there is no dashboard.\n"
              + "    Install it (https://grafana.com/grafana/download), or name its folder:"
              + " GRAFANA_HOME=/path/to/grafana"
              + CONTAINERS);
      return;
    }
    progress("starting Grafana");
    Path own = Files.createDirectory(folder.resolve("grafana"));
    DemoGrafana grafana = DemoGrafana.start(home.get(), own, prometheus, port(GRAFANA_PORT));
    keep(grafana.process());
    out.accept("Dashboards " + grafana.address() + "/d/deployments-overview" + elapsed());
    // An exporter this young has nothing to show on an axis of seven days.
    out.accept(
        "The exporter itself " + grafana.address() + "/d/deployments-exporter?from=now-15m&to=now");
  }

  private void keep(ServerProcess process) {
    running.push(process);
    process.onFailure(this::failed);
  }

  private void failed(String how) {
    if (!closing) {
      out.accept(how + "\nThe exporter goes on without.");
    }
  }

  private void progress(String what) {
    out.accept("  … " + what + elapsed());
  }

  private String elapsed() {
    return " (%d s)".formatted(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
  }

  /** The usual port if nobody has it, else any that is free. */
  private static int port(int usual) {
    try (ServerSocket socket = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      return InstalledProgram.freePort();
    }
  }

  /** Ends everything, whatever is still under way, and deletes what it left. */
  @Override
  public void close() throws IOException {
    closing = true;
    starter.interrupt();
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.forEach(ServerProcess::close);
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }
}
