package io.deployments.exporter.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.deployments.exporter.settings.SettingNames;
import io.deployments.exporter.testing.Golden;
import io.deployments.exporter.testing.InstalledProgram;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.RelabelConfig;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Kubernetes files: of the API's types, and true to image, settings, rules and dashboards. */
class KubernetesFilesTest {

  private static final Path FOLDER = Path.of("..", "kubernetes");
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "kubernetes");

  /** The addresses in the links of the alerts as they are shipped. */
  private static final String GRAFANA = "http://localhost:3000";

  private static final String REPOSITORY = "https://git.example.com/deployment-telemetry/blob/main";

  /** Where {@code .ci/tools} wrote what kubeconform checks against. */
  private static final String SCHEMAS = System.getenv("KUBERNETES_SCHEMAS");

  /** Those that tests here look into; kubeconform checks all. */
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "ConfigMap", ConfigMap.class,
          "Deployment", Deployment.class,
          "PrometheusRule", PrometheusRule.class,
          "Service", Service.class,
          "ServiceMonitor", ServiceMonitor.class);

  /** Refuses a field that the API does not have, as a server does. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated method) {
                  return false;
                }
              });

  private static List<HasMetadata> objects(String yaml) {
    List<HasMetadata> objects = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      String kind = (String) ((Map<?, ?>) document).get("kind");
      if (KINDS.containsKey(kind)) {
        objects.add(STRICT.convertValue(document, KINDS.get(kind)));
      }
    }
    return objects;
  }

  private static <T extends HasMetadata> T only(String file, Class<T> kind) throws IOException {
    return objects(Files.readString(FOLDER.resolve(file))).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  private static String kustomized(Path folder) {
    return InstalledProgram.orSkip("kustomize").run("build", folder.toString());
  }

  private static Map<?, ?> example(String file) throws IOException {
    String yaml = Files.readString(EXAMPLE.resolve(file));
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  private static PodSpec historyPod() throws IOException {
    Map<?, ?> job = (Map<?, ?>) example("history.yaml").get("spec");
    Object pod = ((Map<?, ?>) job.get("template")).get("spec");
    return STRICT.convertValue(pod, PodSpec.class);
  }

  @Test
  void oneExporterRunsAtATime() throws IOException {
    Deployment deployment = only("exporter.yaml", Deployment.class);
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
    assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
  }

  @Test
  void thePodIsTheImagesUserOnAReadOnlyFileSystem() throws IOException {
    PodSpec pod = only("exporter.yaml", Deployment.class).getSpec().getTemplate().getSpec();
    String user = Dockerfile.read().last("USER");
    assertThat(
            pod.getSecurityContext().getRunAsUser()
                + ":"
                + pod.getSecurityContext().getRunAsGroup())
        .isEqualTo(user);
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(container(pod).getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
  }

  /**
   * Each control of the Pod Security Standards' profile <em>restricted</em>, as of Kubernetes 1.37.
   */
  @Test
  void podsAreRestricted() throws IOException {
    for (PodSpec pod :
        List.of(
            only("exporter.yaml", Deployment.class).getSpec().getTemplate().getSpec(),
            historyPod())) {
      assertThat(Stream.of(pod.getHostNetwork(), pod.getHostPID(), pod.getHostIPC()))
          .containsOnlyNulls();
      assertThat(pod.getVolumes())
          .allSatisfy(
              volume ->
                  assertThat(
                          Stream.of(
                              volume.getSecret(),
                              volume.getEmptyDir(),
                              volume.getPersistentVolumeClaim()))
                      .as(volume.getName())
                      .anyMatch(Objects::nonNull));
      PodSecurityContext forAll = pod.getSecurityContext();
      assertThat(forAll.getRunAsNonRoot()).isTrue();
      assertThat(forAll.getRunAsUser()).isPositive();
      assertThat(forAll.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
      assertThat(forAll.getSysctls()).isEmpty();
      assertThat(forAll.getSeLinuxOptions()).isNull();
      assertThat(forAll.getAppArmorProfile()).isNull();
      assertThat(Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()))
          .allSatisfy(
              container -> {
                SecurityContext own = container.getSecurityContext();
                assertThat(own.getAllowPrivilegeEscalation()).isFalse();
                assertThat(own.getCapabilities().getDrop()).containsExactly("ALL");
                assertThat(own.getCapabilities().getAdd()).isEmpty();
                assertThat(container.getPorts()).allMatch(port -> port.getHostPort() == null);
                // What the pod says holds.
                assertThat(
                        Stream.of(
                            own.getPrivileged(),
                            own.getProcMount(),
                            own.getRunAsNonRoot(),
                            own.getRunAsUser(),
                            own.getSeccompProfile(),
                            own.getSeLinuxOptions(),
                            own.getAppArmorProfile()))
                    .containsOnlyNulls();
              });
      assertThat(pod.getEphemeralContainers()).isEmpty();
    }
  }

  private static Container container(PodSpec pod) {
    assertThat(pod.getContainers()).hasSize(1);
    return pod.getContainers().get(0);
  }

  @Test
  void theContainerIsTheImageWithItsSettings() throws IOException {
    PodSpec pod = only("exporter.yaml", Deployment.class).getSpec().getTemplate().getSpec();
    Container container = container(pod);
    assertThat(container.getImage())
        .isEqualTo(ComposeFile.read().service("exporter").text("image"));
    assertThat(container.getPorts())
        .singleElement()
        .satisfies(
            port ->
                assertThat(port.getContainerPort() + "")
                    .isEqualTo(Dockerfile.read().last("EXPOSE")));
    assertThat(container.getEnv())
        .hasSize(3)
        .allSatisfy(
            variable ->
                assertThat(SettingNames.all())
                    .containsAnyOf(variable.getName(), variable.getName().replace("_FILE", "")));
    // The file is in the folder that the secret is mounted on.
    String folder = container.getVolumeMounts().get(0).getMountPath();
    assertThat(container.getVolumeMounts().get(0).getName())
        .isEqualTo(pod.getVolumes().get(0).getName());
    assertThat(container.getEnv())
        .anyMatch(
            variable ->
                variable.getName().equals("DATABASE_PASSWORD_FILE")
                    && variable.getValue().equals(folder + "/password"));
  }

  @Test
  void theProbesAskWhatTheExporterAnswers() throws IOException {
    Container container =
        container(only("exporter.yaml", Deployment.class).getSpec().getTemplate().getSpec());
    assertThat(
            Stream.of(
                    container.getStartupProbe(),
                    container.getLivenessProbe(),
                    container.getReadinessProbe())
                .map(Probe::getHttpGet)
                .peek(request -> assertThat(request.getPort().getStrVal()).isEqualTo("http"))
                .map(request -> request.getPath()))
        .containsExactly("/-/healthy", "/-/healthy", "/-/ready");
  }

  @Test
  void theOperatorFindsTheServiceAndKeepsItsSeries() throws IOException {
    Deployment deployment = only("exporter.yaml", Deployment.class);
    Service service = only("exporter.yaml", Service.class);
    ServiceMonitor monitor = only("monitoring.yaml", ServiceMonitor.class);
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(service.getSpec().getSelector()).isEqualTo(labels);
    assertThat(monitor.getSpec().getSelector().getMatchLabels())
        .isEqualTo(service.getMetadata().getLabels());
    assertThat(monitor.getSpec().getEndpoints().get(0).getPort())
        .isEqualTo(service.getSpec().getPorts().get(0).getName());
    // The operator makes the service's name the job.
    assertThat(service.getMetadata().getName()).isEqualTo("deployment-exporter");
    assertThat(monitor.getSpec().getEndpoints().get(0).getRelabelings())
        .extracting(
            RelabelConfig::getAction, RelabelConfig::getTargetLabel, RelabelConfig::getReplacement)
        .contains(tuple("replace", "instance", "exporter:9079"));
    assertThat(monitor.getSpec().getEndpoints().get(0).getRelabelings())
        .extracting(RelabelConfig::getRegex)
        .filteredOn(Objects::nonNull)
        .singleElement()
        .satisfies(dropped -> assertThat("pod").matches(dropped))
        .satisfies(dropped -> assertThat("namespace").doesNotMatch(dropped));
  }

  @Test
  void theRulesAreThoseOfPrometheus() throws IOException {
    StringBuilder rules =
        new StringBuilder(
            """
            # The rules of prometheus/rules for the Prometheus operator, made of them: a test compares, and
            # with -Dgolden.update it writes this file.
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: deployment-exporter
              labels: {app.kubernetes.io/name: deployment-exporter}
            spec:
              groups:
            """);
    try (Stream<Path> files = Files.list(Path.of("..", "prometheus", "rules"))) {
      for (Path file : files.sorted().toList()) {
        String groups = Files.readString(file).replaceFirst("(?s)^.*?(?<=^|\n)groups:\n", "");
        rules.append(groups.replaceAll("(?m)^(?=.)", "  "));
      }
    }
    Golden.assertSame(FOLDER.resolve("rules.yaml"), rules.toString());
    PrometheusRule read = only("rules.yaml", PrometheusRule.class);
    assertThat(read.getSpec().getGroups()).hasSize(4);
  }

  private static String conform(String yaml) {
    InstalledProgram kubeconform = InstalledProgram.orSkip("kubeconform");
    if (SCHEMAS == null) {
      System.out.println("Skipped: needs KUBERNETES_SCHEMAS, which .ci/tools writes");
    }
    Assumptions.assumeTrue(SCHEMAS != null, "needs KUBERNETES_SCHEMAS, which .ci/tools writes");
    return kubeconform.runOn(
        yaml,
        "-strict",
        "-summary",
        "-schema-location",
        SCHEMAS + "/{{.ResourceKind}}{{.KindSuffix}}.json");
  }

  @Test
  void everyObjectIsAsTheSchemasOfKubernetesAndTheOperatorSay() throws IOException {
    String history = Files.readString(EXAMPLE.resolve("history.yaml"));
    assertThat(List.of(kustomized(FOLDER), kustomized(EXAMPLE), history))
        .map(KubernetesFilesTest::conform)
        .allMatch(said -> said.contains("Invalid: 0, Errors: 0, Skipped: 0"))
        .noneMatch(said -> said.contains("Valid: 0"));
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, readOnlyRootFilesystem:, readOnlyRootFileSystem:",
    "Deployment, failureThreshold: 60, failureThreshold: sixty",
    "Service, publishNotReadyAddresses:, publishUnreadyAddresses:",
    "ServiceMonitor, targetLabel:, targetLable:",
    "PrometheusRule, keep_firing_for:, keep_firing:",
    "NetworkPolicy, podSelector:, podSelectors:",
  })
  void kubeconformRefusesWhatIsWrong(String kind, String right, String wrong) {
    String made = kustomized(EXAMPLE);
    assertThat(made).contains(right);
    assertThat(conform(made.replace(right, wrong)))
        .contains(kind + " deployment-exporter is invalid")
        .contains("Invalid: 1, Errors: 0, Skipped: 0");
  }

  @Test
  void theExampleReplacesTheAddressesInTheLinksOfAlertsAndSaysTheirNamespace() throws IOException {
    List<Rule> rules = rules(kustomized(FOLDER));
    String namespace = (String) example("kustomization.yaml").get("namespace");
    for (Rule alert : rules.stream().filter(rule -> rule.getAlert() != null).toList()) {
      assertThat(alert.getAnnotations().get("dashboard_url")).startsWith(GRAFANA + "/d/");
      assertThat(alert.getAnnotations().get("runbook_url")).startsWith(REPOSITORY + "/docs/");
      alert
          .getAnnotations()
          .replaceAll(
              (name, text) ->
                  text.replace(GRAFANA, "https://grafana.example.com")
                      .replace(
                          REPOSITORY,
                          "https://git.example.com/platform/deployment-telemetry/blob/main"));
      alert.getLabels().put("namespace", namespace);
    }
    assertThat(rules(kustomized(EXAMPLE))).usingRecursiveComparison().isEqualTo(rules);
  }

  @Test
  void theExampleSetsImageAndDatabase() {
    assertThat(objects(kustomized(EXAMPLE)))
        .filteredOn(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .singleElement()
        .satisfies(
            deployment -> {
              Container container = container(deployment.getSpec().getTemplate().getSpec());
              assertThat(container.getImage())
                  .isEqualTo(
                      "registry.example.com/deployment-exporter:"
                          + System.getProperty("exporter.version"));
              assertThat(container.getEnv())
                  .extracting(EnvVar::getName, EnvVar::getValue)
                  .contains(
                      tuple("DATABASE_URL", "postgresql://db.example.com:5432/telemetry"),
                      tuple("DATABASE_PASSWORD_FILE", "/run/secrets/database/password"));
            });
  }

  private static List<Rule> rules(String yaml) {
    return objects(yaml).stream()
        .filter(PrometheusRule.class::isInstance)
        .map(PrometheusRule.class::cast)
        .flatMap(rule -> rule.getSpec().getGroups().stream())
        .flatMap(group -> group.getRules().stream())
        .toList();
  }

  @Test
  void theHistoryIsWrittenAndLoadedAsTheFiguresOfTheExporterAre() throws IOException {
    Container exporter =
        container(only("exporter.yaml", Deployment.class).getSpec().getTemplate().getSpec());
    Container write = historyPod().getInitContainers().get(0);
    assertThat(write.getImage()).isEqualTo(exporter.getImage());
    assertThat(write.getEnv()).isEqualTo(exporter.getEnv());
    assertThat(write.getArgs())
        .contains("--label=job=deployment-exporter")
        .contains("--label=instance=exporter:9079");
    Container load = container(historyPod());
    assertThat(load.getImage()).isEqualTo(ComposeFile.read().service("history").text("image"));
  }

  @Test
  void kustomizeMakesAConfigMapOfEveryDashboard() throws IOException {
    String made = kustomized(FOLDER);
    List<String> dashboards;
    try (Stream<Path> files = Files.list(Path.of("..", "grafana", "dashboards"))) {
      dashboards = files.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(objects(made))
        .filteredOn(ConfigMap.class::isInstance)
        .map(ConfigMap.class::cast)
        .allSatisfy(
            map ->
                assertThat(map.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1"))
        .flatExtracting(map -> map.getData().keySet())
        .containsExactlyInAnyOrderElementsOf(dashboards);
  }

  @Test
  void everyDashboardIsInTheListForKustomize() throws IOException {
    String list = Files.readString(Path.of("..", "grafana", "kustomization.yaml"));
    try (Stream<Path> files = Files.list(Path.of("..", "grafana", "dashboards"))) {
      assertThat(files)
          .allSatisfy(file -> assertThat(list).contains("[dashboards/" + file.getFileName() + "]"));
    }
  }
}
