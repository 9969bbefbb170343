package io.deployments.exporter.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.settings.web.BadWebConfigException;
import io.deployments.exporter.settings.web.WebConfigReader;
import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.ProtobufExposition;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random input of every kind but rows: right, or refused in words, and never a failure. */
@Tag("scaled")
class FuzzTest {

  private static final String SECRET = "tiger-s3cret";

  /** Says at length what it does not like of a URL; strong, or it is collected. */
  private static final Logger DRIVER_LOGGER = Logger.getLogger("org.postgresql");

  @TempDir private Path folder;

  @Test
  void settings() {
    DRIVER_LOGGER.setLevel(Level.OFF);
    Fuzz fuzz = Fuzz.of("settings");
    Map<String, List<String>> near =
        Map.ofEntries(
            Map.entry("DEPLOYMENTS_TABLE", List.of("deployments", "a.b", "\"My \"\"Table\"\"\"")),
            Map.entry("NETWORKS", List.of("metis,hyperion", "a, b ,c", "other")),
            Map.entry("WINDOWS", List.of("14d,90d", "5m", "48h,2d", "1d")),
            Map.entry("REFRESH_INTERVAL", List.of("30s", "500ms", "0s", "366d")),
            Map.entry("REFRESH_TIMEOUT", List.of("60s", "1h")),
            Map.entry("STALENESS_LIMIT", List.of("5m", "7d")),
            Map.entry("MAX_DATABASE_SHARE", List.of("0.1", "1", "1.0000000001", ".5")),
            Map.entry("MAX_TEMPLATES", List.of("100", "10000", "10001")),
            Map.entry("LISTEN_ADDRESS", List.of("0.0.0.0:9079", ":9079", "[::1]:0", "host:65536")),
            Map.entry("LOG_LEVEL", List.of("info", "TRACE")),
            Map.entry("DATABASE_USER", List.of("reader", "a b")),
            Map.entry("DATABASE_PASSWORD_FILE", List.of("/no/such/file", "/proc/self/mem")),
            Map.entry("WEB_CONFIG_FILE", List.of("/no/such/file", folder.toString())));
    int accepted = 0;
    for (int i = 0; i < Fuzz.INPUTS; i++) {
      Map<String, String> environment = new HashMap<>();
      environment.put("DATABASE_URL", url(fuzz));
      environment.put("DATABASE_PASSWORD", SECRET);
      near.forEach(
          (name, values) -> {
            if (fuzz.oneIn(6)) {
              String value = fuzz.pick(values);
              environment.put(name, fuzz.oneIn(2) ? value : fuzz.mutated(value));
            }
          });
      try {
        Settings settings = new SettingOptions().read(environment);
        assertThat(settings.toString()).doesNotContain(SECRET);
        assertThat(settings.database().jdbcUrl()).doesNotContain(SECRET);
        accepted++;
      } catch (BadSettingsException e) {
        assertThat(e.problems())
            .as("%s", environment)
            .isNotEmpty()
            .allSatisfy(
                line ->
                    assertThat(line)
                        .containsAnyOf("; allowed: ", "not set")
                        .doesNotContain(SECRET, "Exception")
                        .hasLineCount(1));
      }
    }
    System.out.println("Fuzz of settings: " + accepted + " accepted, the rest refused");
    assertThat(accepted).isPositive().isLessThan(Fuzz.INPUTS);
  }

  /** With the password in it, where a URL may have one; the rest is as it comes. */
  private static String url(Fuzz fuzz) {
    String host = fuzz.oneIn(2) ? "db:5432" : fuzz.mutated("db:5432");
    String database = fuzz.oneIn(2) ? "telemetry" : fuzz.mutated("telemetry?ssl=true");
    return fuzz.oneIn(2)
        ? "postgresql://reader:" + SECRET + "@" + host + "/" + database
        : "jdbc:postgresql://"
            + host
            + "/"
            + database
            + (database.contains("?") ? "&" : "?")
            + "password="
            + SECRET;
  }

  @Test
  void webConfigurationFiles() throws IOException {
    Fuzz fuzz = Fuzz.of("web.config.yml");
    String good = Files.readString(Path.of("..", "docs", "web.config.example.yml"));
    // Without comments, and without the certificates, which are not there.
    String near =
        good.lines()
            .filter(line -> !line.strip().startsWith("#"))
            .dropWhile(line -> !line.startsWith("http_server_config"))
            .reduce("", (text, line) -> text + line + "\n");
    Path file = folder.resolve("web.config.yml");
    int accepted = 0;
    for (int i = 0; i < Fuzz.INPUTS; i++) {
      String text = fuzz.mutated(fuzz.oneIn(4) ? good : near);
      // Half a character, where one was cut in two, becomes a question mark.
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
      try {
        // A mutation may well have put it into the name of a user.
        assertThat(WebConfigReader.read(file).users().values().toString())
            .doesNotContain("vxO8sQz2Xww");
        accepted++;
      } catch (BadWebConfigException e) {
        assertThat(e.problems())
            .as("%s", Files.readString(file))
            .isNotEmpty()
            .allSatisfy(line -> assertThat(line).isNotBlank().doesNotContain("Exception"));
      }
    }
    System.out.println("Fuzz of web.config.yml: " + accepted + " accepted, the rest refused");
    assertThat(accepted).isPositive().isLessThan(Fuzz.INPUTS);
  }

  @Test
  void parametersOfTheApi() throws JsonProcessingException {
    Fuzz fuzz = Fuzz.of("API parameters");
    ObjectMapper json = new ObjectMapper();
    Map<Integer, Integer> statuses = new TreeMap<>();
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
      try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
        for (int i = 0; i < Fuzz.INPUTS; i++) {
          String path = apiPath(fuzz);
          String accept = fuzz.pick(List.of("*/*", "application/json", "text/csv"));
          HttpResponse<String> answer = exporter.get(path, "Accept", accept);
          statuses.merge(answer.statusCode(), 1, Integer::sum);
          assertThat(answer.statusCode()).as(path).isIn(200, 400, 404);
          assertThat(answer.body()).as(path).doesNotContain("Exception", "\tat ", "SELECT");
          if (answer.statusCode() != 200 || !accept.equals("text/csv")) {
            assertThat(json.readTree(answer.body()).isContainerNode()).as(path).isTrue();
          }
        }
      }
    }
    System.out.println("Fuzz of API parameters: answers by status " + statuses);
    assertThat(statuses).containsKeys(200, 400, 404);
  }

  private static String apiPath(Fuzz fuzz) {
    String question =
        fuzz.pick(
            List.of("active-projects", "deployment-stats", "network-split", "template-adoption"));
    StringBuilder path = new StringBuilder("/api/v1/" + question + "?");
    for (String network : fuzz.some(List.of("metis", "hyperion", "' OR ''='", "metis%00"))) {
      path.append("&network=").append(encoded(network));
    }
    for (String days : fuzz.some(List.of("30", "1", "366", "29", "0", "-1", "367", "1e1"))) {
      path.append("&days=").append(encoded(days));
    }
    if (fuzz.oneIn(4)) {
      path.append("&").append(encoded(fuzz.text())).append("=").append(encoded(fuzz.text()));
    }
    return path.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void acceptHeaders() {
    Fuzz fuzz = Fuzz.of("Accept headers");
    List<String> near =
        List.of(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited;q=0.6",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5",
            "application/openmetrics-text;version=0.0.1",
            "text/plain;version=0.0.4;q=0.2",
            "text/html,application/xhtml+xml",
            "*/*;q=0.1");
    Map<String, Integer> formats = new TreeMap<>();
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute("INSERT INTO deployments VALUES ('p', 'metis', 'erc20', 'success')");
      try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
        for (int i = 0; i < Fuzz.INPUTS; i++) {
          // What no client can put into a header is for raw sockets, in HostileHttpTest.
          String accept =
              String.join(",", fuzz.some(near)).replaceAll("[^\\x20-\\x7e]", "?").strip();
          HttpResponse<byte[]> page = exporter.client().bytes("/metrics", "Accept", accept);
          assertThat(page.statusCode()).as(accept).isEqualTo(200);
          String type = page.headers().firstValue("Content-Type").orElseThrow();
          formats.merge(type.replaceFirst(";.*", ""), 1, Integer::sum);
          assertThat(samples(type, page.body()))
              .as(accept)
              .containsEntry(
                  new Exposition.Series(
                      "deployments_active_projects_30d", Map.of("network", "metis")),
                  1.0);
        }
      }
    }
    System.out.println("Fuzz of Accept headers: answers by format " + formats);
    assertThat(formats).hasSize(3);
  }

  private static Map<Exposition.Series, Double> samples(String type, byte[] page) {
    if (type.startsWith("application/vnd.google.protobuf")) {
      return ProtobufExposition.parse(page);
    }
    String text = new String(page, StandardCharsets.UTF_8);
    if (type.startsWith("application/openmetrics-text")) {
      assertThat(text).endsWith("\n# EOF\n");
    }
    return Exposition.parse(text).samples();
  }
}
