package io.deployments.exporter.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.demo.Repository;
import io.deployments.exporter.testing.ExporterClient;
import io.deployments.exporter.testing.ExporterProcess;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example in {@code CONTRIBUTING.md} of how a family is added: it applies to the sources as
 * they are, compiles, and is on the page of an exporter with what PostgreSQL says.
 *
 * <p>Where it no longer applies, make its changes by hand and write it anew: {@code git diff -U2 >
 * docs/examples/new-family.patch}.
 */
class NewFamilyExampleTest {

  private static final Path SOURCES = Path.of("exporter", "src", "main");
  private static final String FAMILY = "deployments_first_created_timestamp_seconds";

  @TempDir private Path folder;

  @Test
  void theFamilyIsOnThePage() throws IOException {
    InstalledProgram git = InstalledProgram.orSkip("git");
    copySources();
    git.run(
        "-C",
        folder.toString(),
        "apply",
        Repository.path("docs/examples/new-family.patch").toString());
    Path classes = Files.createDirectory(folder.resolve("classes"));
    compile(classes);
    Path resources = folder.resolve(SOURCES).resolve("resources");
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute(
          """
          INSERT INTO deployments (project_id, network, template, status, created_at)
          SELECT 'p', 'metis', 'erc20', 'pending', date_trunc('second', now()) - hours * interval '1 hour'
          FROM generate_series(1, 50) AS hours
          """);
      double oldest =
          Double.parseDouble(
              postgres
                  .query("SELECT extract(epoch FROM min(created_at)) FROM deployments")
                  .get(0)
                  .get(0));
      try (ExporterProcess exporter =
          ExporterProcess.startChanged(
              folder, List.of(classes, resources), TestDatabase.environmentFor(postgres.url()))) {
        ExporterClient client = exporter.client();
        client.awaitReady();
        Exposition page = client.metrics();
        assertThat(page.help().get(FAMILY)).contains("oldest deployment of the last 30d");
        assertThat(page.value(FAMILY, "network", "metis", "template", "erc20", "status", "pending"))
            .hasValue(oldest);
      }
    }
  }

  private void copySources() throws IOException {
    Path root = Repository.path("");
    try (Stream<Path> files = Files.walk(root.resolve(SOURCES))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(root.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private void compile(Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager sources = compiler.getStandardFileManager(null, null, null);
        Stream<Path> files = Files.walk(folder.resolve(SOURCES).resolve("java"))) {
      List<Path> java = files.filter(file -> file.toString().endsWith(".java")).toList();
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  sources,
                  null,
                  List.of(
                      "-proc:none",
                      "-encoding",
                      "UTF-8",
                      "-d",
                      classes.toString(),
                      "-cp",
                      System.getProperty("java.class.path")),
                  null,
                  sources.getJavaFileObjectsFromPaths(java))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }
}
