package io.deployments.exporter.settings.web;

import io.deployments.exporter.settings.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where certificates or a key come from. */
public sealed interface PemSource {

  /** The option that names it, for example {@code cert_file}. */
  String option();

  /**
   * What is there now.
   *
   * @throws IOException if it can't be read
   */
  String read() throws IOException;

  /**
   * A file, read anew each time.
   *
   * @param option the option that names it
   * @param path the file
   */
  record InFile(String option, Path path) implements PemSource {
    @Override
    public String read() throws IOException {
      // Every byte is a character here: text around the PEM blocks may be in any encoding.
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * In the web configuration file itself.
   *
   * @param option the option it stands under
   * @param content the certificates or the key
   */
  record Inline(String option, Secret content) implements PemSource {
    @Override
    public String read() {
      return content.value();
    }
  }
}
