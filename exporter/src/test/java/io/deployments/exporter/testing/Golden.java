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
    if (System.getProperty("golden.update") != null) {
      try {
        Files.writeString(Path.of("src/test/resources/golden", name), actual);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      assertThat(actual).as(name).isEqualTo(TestDatabase.read("/golden/" + name));
    }
  }
}
