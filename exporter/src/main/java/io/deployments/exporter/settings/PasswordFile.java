package io.deployments.exporter.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A password in a UTF-8 file, which is read whenever the password is needed.
 *
 * @param path where it is
 */
public record PasswordFile(Path path) implements Password {

  @Override
  public Secret current() throws IOException {
    try {
      // Editors and `echo` end a file with a line break that is no part of the password.
      return new Secret(Files.readString(path, StandardCharsets.UTF_8).replaceFirst("\\R$", ""));
    } catch (IOException e) {
      throw new IOException(
          "DATABASE_PASSWORD_FILE is '" + path + "', no UTF-8 file that this process can read", e);
    }
  }
}
