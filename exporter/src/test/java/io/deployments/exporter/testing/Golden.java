package io.deployments.exporter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold what an output was when somebody last read it and found it right. */
public final class Golden {

  private Golden() {}

  /**
   * Compares an output with {@code src/test/resources/golden/<name>}. {@code mvn test
   * -Dgolden.update} writes the file instead; read the difference before you commit it.
   */
  public static void assertSame(String name, String actual) {
    assertSame(Path.of("src/test/resources/golden", name), actual);
  }

  /** The same with any file of the repository. */
  public static void assertSame(Path file, String actual) {
    try {
      if (System.getProperty("golden.update") != null) {
        Files.writeString(file, actual);
      } else {
        assertThat(actual).as("%s", file).isEqualTo(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
