package io.deployments.exporter.container;

import static io.deployments.exporter.container.ComposeFile.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.container.ComposeFile.Mount;
import io.deployments.exporter.container.ComposeFile.Service;
import io.deployments.exporter.settings.BadSettingsException;
import io.deployments.exporter.settings.SettingNames;
import io.deployments.exporter.settings.SettingOptions;
import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.InstalledProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that docker-compose.yml names is there, and nothing is open that need not be. */
class ComposeFileTest {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");
  private static final ComposeFile COMPOSE = ComposeFile.read();

  static List<Service> services() {
    return COMPOSE.services();
  }

  @Test
  void dockerComposeAcceptsIt() {
    InstalledProgram.orSkip("docker-compose")
        .run("-f", ComposeFile.FILE.toString(), "--profile", "demo", "config", "--quiet");
  }

  @Test
  void itHasTheServicesAndNoVersion() {
    assertThat(services().stream().map(Service::name))
        .containsExactly(
            "postgres",
            "set-up",
            "exporter",
            "history-files",
            "history",
            "prometheus",
            "grafana",
            "demo");
    assertThat(COMPOSE.content().containsKey("version")).isFalse();
    assertThat(services())
        .filteredOn(service -> service.fields().containsKey("profiles"))
        .singleElement()
        .satisfies(demo -> assertThat(demo.list("profiles")).containsExactly("demo"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceMayDoWhatItMustAndNoMore(Service service) {
    assertThat(service.text("image")).matches("[a-z/-]+:v?[0-9]+\\.[0-9]+(\\.[0-9]+)?(-alpine)?");
    assertThat(service.fields().get("read_only")).isEqualTo(true);
    assertThat(service.list("cap_drop")).containsExactly("ALL");
    assertThat(service.list("security_opt")).containsExactly("no-new-privileges:true");
    assertThat(service.text("restart")).isIn("unless-stopped", "no");
    String user =
        service.text("image").startsWith("deployment-exporter:")
            ? Dockerfile.read().last("USER")
            : service.text("user");
    assertThat(user).matches("[1-9][0-9]*:[0-9]+");
    assertThat(service.list("ports")).allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void whatAServiceMountsIsThere(Service service) {
    for (Mount mount : service.mounts()) {
      if (mount.isVolume()) {
        assertThat(COMPOSE.section("volumes").containsKey(mount.source())).isTrue();
      } else {
        assertThat(ROOT.resolve(mount.source())).exists();
        assertThat(mount.readOnly()).as("%s", mount).isTrue();
      }
    }
    assertThat(service.list("networks"))
        .allMatch(network -> COMPOSE.section("networks").containsKey(network));
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceWaitsForWhatItNeeds(Service service) {
    service
        .map("depends_on")
        .forEach(
            (name, condition) -> {
              Service other = COMPOSE.service((String) name);
              assertThat(condition)
                  .isEqualTo(
                      Map.of(
                          "condition",
                          other.text("restart").equals("no")
                              ? "service_completed_successfully"
                              : "service_healthy"));
              if (!other.text("restart").equals("no")) {
                assertThat(other.map("healthcheck").containsKey("test")).isTrue();
              }
            });
  }

  @ParameterizedTest
  @MethodSource("services")
  void secretsAreFilesAndNothingElseIsSecret(Service service) throws IOException {
    for (String secret : service.list("secrets")) {
      Map<?, ?> source = (Map<?, ?>) COMPOSE.section("secrets").get(secret);
      assertThat(Files.readString(ROOT.resolve((String) source.get("file")))).isNotBlank();
    }
    for (Map.Entry<?, ?> variable : service.map("environment").entrySet()) {
      String name = (String) variable.getKey();
      String value = String.valueOf(variable.getValue());
      if (variable.getValue() == null) {
        assertThat(SettingNames.all()).as("taken from the environment").contains(name);
      } else if (name.endsWith("_FILE")) {
        assertThat(service.list("secrets")).contains(value.replace("/run/secrets/", ""));
      } else {
        assertThat(name).doesNotContainIgnoringCase("password");
        assertThat(value).doesNotContainIgnoringCase("password");
      }
    }
  }

  @Test
  void everySecretAndVolumeIsUsed() {
    assertThat(COMPOSE.section("secrets").keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrderElementsOf(
            services().stream().flatMap(s -> s.list("secrets").stream()).distinct().toList());
    assertThat(COMPOSE.section("volumes").keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrderElementsOf(
            services().stream()
                .flatMap(service -> service.mounts().stream())
                .filter(Mount::isVolume)
                .map(Mount::source)
                .distinct()
                .toList());
  }

  @Test
  void theExporterReadsItsSettings() throws BadSettingsException {
    Map<String, String> environment = new HashMap<>();
    COMPOSE
        .service("exporter")
        .map("environment")
        .forEach((name, value) -> environment.put((String) name, (String) value));
    // The others are for a database elsewhere.
    assertThat(environment.keySet())
        .containsExactlyInAnyOrderElementsOf(
            SettingNames.all().stream()
                .filter(name -> !List.of("DATABASE_USER", "DATABASE_PASSWORD").contains(name))
                .toList());
    environment.values().removeIf(Objects::isNull);
    environment.computeIfPresent(
        "DATABASE_PASSWORD_FILE",
        (name, file) -> ROOT.resolve(file.replace("/run/secrets", "compose/secrets")).toString());

    Settings settings = new SettingOptions().read(environment);

    assertThat(settings.listenAddress().port()).isEqualTo(9079);
    assertThat(COMPOSE.service("exporter").list("ports")).containsExactly("127.0.0.1:9079:9079");
    assertThat(environment.get("DATABASE_URL"))
        .isEqualTo(
            "postgresql://deployment_exporter@postgres:5432/"
                + COMPOSE.service("set-up").map("environment").get("PGDATABASE")
                + "?sslmode=disable");
  }

  @Test
  void whoeverHasASecretLooksAtItFirst() {
    assertThat(services())
        .filteredOn(service -> !service.list("secrets").isEmpty())
        .filteredOn(service -> !service.text("image").startsWith("deployment-exporter:"))
        .isNotEmpty()
        .allSatisfy(
            service -> assertThat(service.list("entrypoint")).startsWith("sh", "/with-secrets.sh"));
  }

  @Test
  void theImageIsBuiltOnce() {
    assertThat(services())
        .filteredOn(service -> service.text("image").startsWith("deployment-exporter:"))
        .hasSize(2)
        .filteredOn(service -> service.fields().containsKey("build"))
        .extracting(Service::name)
        .containsExactly("exporter");
  }

  @Test
  void theImageHasWhatItsServicesRun() {
    Dockerfile dockerfile = Dockerfile.read();
    assertThat(COMPOSE.service("history-files").list("command"))
        .isEqualTo(dockerfile.array("ENTRYPOINT"));
    assertThat(COMPOSE.service("exporter").map("healthcheck").get("test"))
        .isEqualTo(
            Stream.concat(Stream.of("CMD"), dockerfile.array("HEALTHCHECK").stream()).toList());
    assertThat(COMPOSE.service("exporter").text("image"))
        .isEqualTo("deployment-exporter:" + System.getProperty("exporter.version"));
    assertThat(dockerfile.all("RUN")).contains("mkdir -m 1777 /history");
  }

  @Test
  void prometheusScrapesTheExporterAndKeepsAYear() throws IOException {
    Service prometheus = COMPOSE.service("prometheus");
    assertThat(prometheus.list("command"))
        .containsExactly(
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--storage.tsdb.retention.time=400d");
    assertThat(prometheus.mounts())
        .contains(
            new Mount("./prometheus", "/etc/prometheus", true),
            new Mount("prometheus", "/prometheus", false));
    // The labels that the history has to have too.
    String configuration = Files.readString(ROOT.resolve("prometheus/prometheus.yml"));
    assertThat(configuration)
        .contains("job_name: deployment-exporter")
        .contains("targets: [\"exporter:9079\"]");
    assertThat(Files.readString(ROOT.resolve("compose/write-history.sh")))
        .contains("--label job=deployment-exporter --label instance=exporter:9079");
  }

  @Test
  void grafanaKnowsEveryVariableOfItsProvisioning() throws IOException {
    Service grafana = COMPOSE.service("grafana");
    Set<String> used;
    try (Stream<Path> files = Files.walk(ROOT.resolve("grafana/provisioning"))) {
      used =
          files
              .filter(file -> file.toString().endsWith(".yml"))
              .filter(file -> !file.getParent().endsWith("alerting"))
              .flatMap(file -> VARIABLE.matcher(read(file)).results())
              .map(variable -> variable.group(1))
              .collect(Collectors.toSet());
    }
    // The second is the image's own: /etc/grafana/provisioning.
    assertThat(used).containsExactlyInAnyOrder("PROMETHEUS_URL", "GF_PATHS_PROVISIONING");
    assertThat(grafana.map("environment").get("PROMETHEUS_URL"))
        .isEqualTo("http://prometheus:9090");
    assertThat(grafana.mounts())
        .contains(
            new Mount("./grafana/provisioning", "/etc/grafana/provisioning", true),
            new Mount("./grafana/dashboards", "/etc/grafana/dashboards", true));
  }

  @Test
  void grafanaAsksWhoYouAreAndAsksNobodyElse() {
    Map<?, ?> environment = COMPOSE.service("grafana").map("environment");
    assertThat(environment.get("GF_AUTH_ANONYMOUS_ENABLED")).isEqualTo("false");
    assertThat(environment.get("GF_PLUGINS_PREINSTALL_DISABLED")).isEqualTo("true");
    assertThat(
            Stream.of(
                "GF_PLUGINS_PREINSTALL_AUTO_UPDATE",
                "GF_ANALYTICS_REPORTING_ENABLED",
                "GF_ANALYTICS_CHECK_FOR_UPDATES",
                "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES",
                "GF_NEWS_NEWS_FEED_ENABLED"))
        .allMatch(name -> "false".equals(environment.get(name)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
