package io.deployments.exporter.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param version of the project
 * @param revision the commit it was built from, abbreviated; {@code unknown} if that is not known
 */
public record BuildInfo(String version, String revision) {

  /** Reads what the build wrote down. */
  public static BuildInfo load() {
    Properties properties = new Properties();
    try (InputStream file = BuildInfo.class.getResourceAsStream("/build.properties")) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildInfo(
        properties.getProperty("version", "unknown"),
        properties.getProperty("revision", "unknown"));
  }
}
