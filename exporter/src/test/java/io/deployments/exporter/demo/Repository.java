package io.deployments.exporter.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folders of this repository that Prometheus and Grafana run on. */
public final class Repository {

  private Repository() {}

  /** A file or folder of the repository, from wherever in it the JVM was started. */
  public static Path path(String path) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("prometheus/prometheus.yml"))) {
        return folder.resolve(path);
      }
    }
    throw new IllegalStateException(
        "Not within this repository: no prometheus/prometheus.yml above "
            + Path.of("").toAbsolutePath());
  }
}
