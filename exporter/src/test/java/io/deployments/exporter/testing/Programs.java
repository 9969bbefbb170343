package io.deployments.exporter.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs that are used when they are there. */
public final class Programs {

  private Programs() {}

  /** Whether a program of that name is on the PATH. */
  public static boolean has(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Runs a program to its end, and returns all that it printed. */
  public static String run(String input, String... command)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("input", ".txt");
    try {
      Files.writeString(file, input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(file.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    } finally {
      Files.delete(file);
    }
  }
}
