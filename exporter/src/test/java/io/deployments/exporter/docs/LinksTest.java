package io.deployments.exporter.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.demo.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every link, anchor and picture in the repository's Markdown leads somewhere. */
class LinksTest {

  /** What git has, or the build makes. */
  private static final Set<String> NOT_OURS = Set.of(".git", "target");

  @TempDir private Path folder;

  /** The Markdown files in a folder and those below it. */
  private static List<Path> files(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return NOT_OURS.contains(path.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (path.toString().endsWith(".md")) {
              found.add(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    return found;
  }

  /**
   * A line for each link of the files that leads nowhere, as far as that is known without asking
   * others.
   */
  private static List<String> problems(Path root) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path file : files(root)) {
      for (Markdown.Link link : new Markdown(Files.readString(file)).links()) {
        problem(root, file, link)
            .ifPresent(
                problem ->
                    problems.add(
                        "%s:%d: '%s' %s"
                            .formatted(
                                root.relativize(file), link.line(), link.target(), problem)));
      }
    }
    return problems;
  }

  private static Optional<String> problem(Path root, Path file, Markdown.Link link)
      throws IOException {
    URI target;
    try {
      target = new URI(link.target());
    } catch (URISyntaxException e) {
      return Optional.of("is no address");
    }
    if (target.getScheme() != null) {
      return target.getScheme().matches("https?") && target.getHost() != null
          ? Optional.empty()
          : Optional.of("is no web address");
    }
    if (target.getPath().isEmpty() && target.getFragment() == null) {
      return Optional.of("leads nowhere");
    }
    if (target.getPath().startsWith("/")) {
      return Optional.of("is not relative");
    }
    Path to = target.getPath().isEmpty() ? file : file.resolveSibling(target.getPath()).normalize();
    if (!to.startsWith(root) || !Files.exists(to)) {
      return Optional.of("is not there");
    }
    if (link.picture() && (Files.isDirectory(to) || ImageIO.read(to.toFile()) == null)) {
      return Optional.of("is no picture");
    }
    if (target.getFragment() == null) {
      return Optional.empty();
    }
    boolean found =
        to.toString().endsWith(".md")
            && new Markdown(Files.readString(to)).anchors().contains(target.getFragment());
    return found ? Optional.empty() : Optional.of("has no such heading");
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    Path root = Repository.path("");
    assertThat(files(root)).contains(root.resolve("README.md"), root.resolve("docs/metrics.md"));
    assertThat(problems(root)).isEmpty();
  }

  @Test
  void aLinkThatLeadsNowhereIsFound() throws IOException {
    Path below = Files.createDirectory(folder.resolve("below"));
    Files.writeString(folder.resolve("text.png"), "no picture");
    Files.writeString(
        below.resolve("page.md"),
        """
        # A `page_1`: what & who?
        ## Twice
        ## Twice

            # in a block
        """);
    Files.writeString(
        folder.resolve("README.md"),
        """
        [good](below/page.md#a-page_1-what--who) [again](<below/page.md#twice-1>) [own](#links "title")
        # [Links](below)
        [gone](gone.md) [anchor](below/page.md#in-a-block) [of a folder](below#links)
        ![gone](gone.png) ![text](text.png) [![in a link](inside.png)](outside.md)
        [out](../README.md) [root](/README.md) [nothing]() [space](<a b>) `[in` code`](code.md)`
        <https://example.com> <https:///path> [mail](mailto:a@example.com)
        [reference][one] [none][Two] <a href="html.md">, <img src="html.png">

        [one]: defined.md

        `[code](code.md)` \\[escaped](escaped.md)

            [block](block.md)

        - [item](item.md)

            [of the item](paragraph.md)

        ```
        [fence](fence.md)
        ```
        """);
    assertThat(problems(folder))
        .containsExactly(
            "README.md:3: 'gone.md' is not there",
            "README.md:3: 'below/page.md#in-a-block' has no such heading",
            "README.md:3: 'below#links' has no such heading",
            "README.md:4: 'gone.png' is not there",
            "README.md:4: 'text.png' is no picture",
            "README.md:4: 'outside.md' is not there",
            "README.md:4: 'inside.png' is not there",
            "README.md:5: '../README.md' is not there",
            "README.md:5: '/README.md' is not relative",
            "README.md:5: '' leads nowhere",
            "README.md:5: 'a b' is no address",
            "README.md:6: 'mailto:a@example.com' is no web address",
            "README.md:6: 'https:///path' is no web address",
            "README.md:7: 'defined.md' is not there",
            "README.md:7: '' leads nowhere",
            "README.md:7: 'html.md' is not there",
            "README.md:7: 'html.png' is not there",
            "README.md:9: 'defined.md' is not there",
            "README.md:15: 'item.md' is not there",
            "README.md:17: 'paragraph.md' is not there");
  }
}
