package io.deployments.exporter.demo;

import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Grafana on the loopback interface, provisioned from this repository's folder as it is, that
 * shows everything without a login.
 */
public final class DemoGrafana implements AutoCloseable {

  /** Its first start makes a database of hundreds of steps. */
  private static final Duration START = Duration.ofMinutes(3);

  private final ServerProcess process;
  private final URI address;

  private DemoGrafana(ServerProcess process, URI address) {
    this.process = process;
    this.address = address;
  }

  /**
   * The folder of the Grafana to run: {@code GRAFANA_HOME}, else that of {@code grafana} on the
   * PATH.
   *
   * @throws IllegalStateException if {@code GRAFANA_HOME} holds no Grafana
   */
  public static Optional<Path> home() throws IOException {
    String named = System.getenv("GRAFANA_HOME");
    if (named != null && !named.isEmpty()) {
      Path home = Path.of(named).toAbsolutePath();
      if (!isHome(home) || !Files.isExecutable(program(home))) {
        throw new IllegalStateException(
            "GRAFANA_HOME is '" + named + "'; it has to hold bin/grafana and conf/defaults.ini");
      }
      return Optional.of(home);
    }
    Optional<Path> program = InstalledProgram.find("grafana");
    if (program.isEmpty()) {
      return Optional.empty();
    }
    // Packages keep the folder apart from the program.
    return Stream.of(
            program.get().toRealPath().resolve("../..").normalize(), Path.of("/usr/share/grafana"))
        .filter(DemoGrafana::isHome)
        .findFirst();
  }

  private static boolean isHome(Path folder) {
    return Files.exists(folder.resolve("conf/defaults.ini"));
  }

  private static Path program(Path home) {
    Path program = home.resolve("bin/grafana");
    return Files.isExecutable(program) ? program : InstalledProgram.find("grafana").orElse(program);
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @param folder where it keeps its database and log; a second start on it is a restart
   * @param prometheus where its data source is
   * @throws IllegalStateException with the last lines of its log, if it doesn't run
   */
  public static DemoGrafana start(Path home, Path folder, URI prometheus, int port)
      throws IOException, InterruptedException {
    return start(home, folder, prometheus, port, Repository.path("grafana/provisioning"), Map.of());
  }

  /**
   * Starts it on another folder, likewise.
   *
   * @param provisioning what it is provisioned from
   * @param variables of its environment that are read there
   */
  public static DemoGrafana start(
      Path home,
      Path folder,
      URI prometheus,
      int port,
      Path provisioning,
      Map<String, String> variables)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("PROMETHEUS_URL", prometheus.toString());
    environment.put("GF_PATHS_PROVISIONING", provisioning.toString());
    Path data = Files.createDirectories(folder.resolve("data"));
    environment.put("GF_PATHS_DATA", data.toString());
    environment.put("GF_PATHS_LOGS", folder.toString());
    environment.put(
        "GF_PATHS_PLUGINS", Files.createDirectories(folder.resolve("plugins")).toString());
    environment.put("GF_LOG_MODE", "console");
    environment.put("GF_SERVER_HTTP_ADDR", "127.0.0.1");
    environment.put("GF_SERVER_HTTP_PORT", String.valueOf(port));
    environment.put("GF_AUTH_ANONYMOUS_ENABLED", "true");
    // Explore needs an editor; provisioned dashboards stay as they are all the same.
    environment.put("GF_AUTH_ANONYMOUS_ORG_ROLE", "Editor");
    // Nothing of a demo calls home, or waits for it where it can't.
    environment.put("GF_ANALYTICS_REPORTING_ENABLED", "false");
    environment.put("GF_ANALYTICS_CHECK_FOR_UPDATES", "false");
    environment.put("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false");
    environment.put("GF_NEWS_NEWS_FEED_ENABLED", "false");
    environment.put("GF_SECURITY_DISABLE_GRAVATAR", "true");
    environment.put("GF_PLUGINS_PREINSTALL_DISABLED", "true");
    environment.put("GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED", "true");
    URI address = URI.create("http://127.0.0.1:" + port);
    ServerProcess process =
        ServerProcess.start(
            "Grafana",
            folder.resolve("grafana.log"),
            environment,
            List.of(program(home).toString(), "server", "--homepath=" + home));
    try {
      process.awaitReady(address.resolve("/api/health"), START);
      return new DemoGrafana(process, address);
    } catch (IllegalStateException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  /** Where it answers. */
  public URI address() {
    return address;
  }

  /** What it has logged. */
  public List<String> log() {
    return process.log();
  }

  /** Its process. */
  ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
