package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Dockerfile, as far as that can be said without Docker; {@code .ci/image} runs its steps. */
class DockerfileTest {

  private static final Path ROOT = Path.of("..");

  private final Dockerfile dockerfile = Dockerfile.read();

  @Test
  void everyBaseImageHasAnExactVersion() {
    assertThat(dockerfile.all("FROM"))
        .hasSize(3)
        .allSatisfy(from -> assertThat(from).containsPattern(":[0-9]+\\.[0-9]+\\.[0-9]+"));
  }

  @Test
  void itsVersionIsThatOfTheProject() {
    assertThat(dockerfile.all("ARG"))
        .filteredOn(argument -> argument.startsWith("VERSION="))
        .isNotEmpty()
        .containsOnly("VERSION=" + System.getProperty("exporter.version"));
  }

  @Test
  void whatIsCopiedIsThereAndInTheBuildContext() throws IOException {
    List<String> context =
        Files.readAllLines(ROOT.resolve(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> sources =
        dockerfile.all("COPY").stream()
            .filter(copy -> !copy.startsWith("--from"))
            .flatMap(copy -> Arrays.stream(copy.split(" ")).limit(copy.split(" ").length - 1))
            .toList();
    assertThat(sources)
        .hasSize(4)
        .allSatisfy(
            source -> {
              assertThat(ROOT.resolve(source)).exists();
              assertThat(context).anyMatch(source::startsWith);
            });
    assertThat(context).allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
  }

  @Test
  void nobodyRunsItAndByNumber() {
    assertThat(dockerfile.last("USER")).isEqualTo("65534:65534");
  }

  @Test
  void itStartsWithTheOptionsAndTheJarThatTheCacheWasMadeWith() {
    String training =
        dockerfile.all("RUN").stream().filter(run -> run.contains("train.sh")).findFirst().get();
    List<String> start = dockerfile.array("ENTRYPOINT");
    assertThat(start)
        .containsExactly(
            "/opt/java/bin/java",
            "@/app/jvm.options",
            "-XX:AOTCache=/app/deployment-exporter.aot",
            "-jar",
            "/app/deployment-exporter.jar");
    assertThat(training)
        .contains(start.get(0) + " " + start.get(1) + " ")
        .contains(start.get(2).replace("AOTCache", "AOTCacheOutput"))
        .endsWith(start.get(3) + " " + start.get(4));
  }

  @Test
  void itsHealthIsAskedWithWhatAlpineHas() {
    assertThat(dockerfile.array("HEALTHCHECK"))
        .containsExactly("wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9079/-/healthy");
    assertThat(dockerfile.last("EXPOSE")).isEqualTo("9079");
  }
}
