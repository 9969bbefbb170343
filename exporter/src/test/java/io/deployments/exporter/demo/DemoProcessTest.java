package io.deployments.exporter.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process of its own, from its start to the signal that ends it. */
class DemoProcessTest {

  private static final Duration LONGEST = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private final int port = InstalledProgram.freePort();

  private ServerProcess demo(Map<String, String> environment) throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    // The embedded PostgreSQL is run by another user where this one is root.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    return command("demo.log", environment, "--port=" + port);
  }

  private ServerProcess command(String log, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("GRAFANA_HOME", "");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName()));
    command.addAll(List.of(arguments));
    return ServerProcess.start("The demo", folder.resolve(log), all, command);
  }

  private Path script(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  @Test
  void aPrometheusThatFailsIsExplainedAndTheExporterGoesOn() throws Exception {
    Path prometheus = script("prometheus", "echo 'no disk, no fun'; exit 3");
    script("promtool", "exit 0");
    try (ServerProcess demo = demo(Map.of("PROMETHEUS_BIN", prometheus.toString()))) {
      awaitLine(demo, "The exporter goes on without.");
      assertThat(String.join("\n", demo.log()))
          .contains("Prometheus ended with exit code 3; the last lines of its log:")
          .contains("    no disk, no fun");
      demo.awaitReady(URI.create("http://127.0.0.1:" + port + "/metrics"), LONGEST);
      try (ServerProcess begin = command("begin.log", Map.of(), "--incident", "metis")) {
        awaitLine(begin, "Incident on metis");
      }
      try (ServerProcess end = command("end.log", Map.of(), "--incident", "off")) {
        awaitLine(end, "Incident over");
      }
    }
    assertNothingIsLeft();
    try (ServerProcess late = command("late.log", Map.of(), "--incident", "off")) {
      awaitLine(late, "No demo is running");
    }
  }

  @Test
  void whatIsMissingIsNamedAndWhatRanIsGone() throws Exception {
    Path real = DemoPrometheus.programOrSkip();
    Path prometheus = Files.createSymbolicLink(folder.resolve("prometheus"), real);
    script("promtool", "exit 0");
    Map<String, String> environment =
        Map.of("PROMETHEUS_BIN", prometheus.toString(), "PATH", "/usr/bin:/bin");
    try (ServerProcess demo = demo(environment)) {
      awaitLine(demo, "docker compose up");
      assertThat(String.join("\n", demo.log()))
          .contains("Prometheus http://127.0.0.1:")
          .contains("No grafana on the PATH");
    }
    assertNothingIsLeft();
  }

  private static void awaitLine(ServerProcess demo, String part) {
    Await.until(
        () -> "a line with " + part + ", but: " + demo.log(),
        LONGEST,
        () -> demo.log().stream().anyMatch(line -> line.contains(part)));
  }

  /** The binaries of PostgreSQL stay for the next start. */
  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left.filter(path -> !path.endsWith("embedded-pg"))).isEmpty();
    }
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(process -> process.info().commandLine().orElse("").contains(folder.toString()));
  }
}
