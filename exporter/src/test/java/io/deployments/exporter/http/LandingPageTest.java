package io.deployments.exporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Browser;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandingPageTest {

  private static TestDatabase postgres;
  private static RunningExporter exporter;

  @BeforeAll
  static void start() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute(
        """
        INSERT INTO deployments VALUES
          ('p1', 'metis', 'erc20', 'success'), ('p2', 'metis', 'erc20', 'failed'),
          ('p1', '<script>alert("x")</script>', 'erc20', 'success'),
          ('p3', 'a-network-with-a-name-far-longer-than-any-phone-is-wide-and-no-space', 'x', 'success')
        """);
    exporter =
        RunningExporter.ready(
            postgres.settings("DATABASE_PASSWORD", "tiger", "REFRESH_INTERVAL", "1h"));
  }

  @AfterAll
  static void stop() {
    exporter.close();
    postgres.close();
  }

  @Test
  void nothingSecretAndNothingUnescapedIsOnIt() {
    String page = exporter.get("/").body();
    assertThat(page)
        .contains("&lt;script&gt;")
        .doesNotContain("<script", "tiger", "postgres", postgres.name(), "{{");
    assertThat(exporter.get("/").headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/html");
  }

  @Test
  void digitsAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(exporter.get("/").body())
          .contains("any network: <strong>3</strong>", "<dd>50.0 %</dd>");
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 1280})
  void aBrowserShowsItOnAPhoneAndOnADesk(int width) throws Exception {
    InstalledProgram.orSkip("chromium");
    try (Browser browser = Browser.open(width, 800)) {
      browser.load(exporter.uri("/"));
      String text = browser.evaluate("document.body.innerText").asText();
      assertThat(text).contains("Figures are", "metis", "Active projects", "50.0 %");
      assertThat(
              browser
                  .evaluate(
                      "document.documentElement.scrollWidth <= document.documentElement.clientWidth")
                  .asBoolean())
          .as("no scrolling sideways")
          .isTrue();
      assertThat(
              browser
                  .evaluate("getComputedStyle(document.querySelector('dl div')).display")
                  .asText())
          .as("the style sheet is there")
          .isEqualTo("flex");
      List<String> names = new ArrayList<>();
      browser
          .call("Accessibility.getFullAXTree", Map.of())
          .get("nodes")
          .forEach(
              node ->
                  names.add(
                      node.at("/role/value").asText() + ": " + node.at("/name/value").asText()));
      // What a screen reader announces.
      assertThat(names)
          .contains("heading: Deployment exporter", "heading: metis", "link: Metrics")
          .anyMatch(name -> name.startsWith("main:"))
          .anyMatch(name -> name.startsWith("status:"));
      List<String> links = new ArrayList<>();
      browser.evaluate("[...document.links].map(a => a.href)").forEach(l -> links.add(l.asText()));
      assertThat(links).hasSizeGreaterThan(6);
      for (String link : links) {
        String path = link.substring(exporter.uri("").toString().length());
        assertThat(exporter.get(path).statusCode()).as(link).isEqualTo(200);
      }
    }
  }
}
