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
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.RelabelConfig;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Kubernetes files: of the API's types, and true to image, settings, rules and dashboards. */
class KubernetesFilesTest {

  private static final Path FOLDER = Path.of("..", "kubernetes");

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
      objects.add(STRICT.convertValue(document, KINDS.get(kind)));
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

  @Test
  void oneExporterRunsAtATime() throws IOException {
    Deployment deployment = only("exporter.yaml", Deployment.class);
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
    assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
  }

  @Test
  void thePodIsNobodyOnAReadOnlyFileSystem() throws IOException {
    PodSpec pod = only("exporter.yaml", Deployment.class).getSpec().getTemplate().getSpec();
    String user = Dockerfile.read().last("USER");
    assertThat(
            pod.getSecurityContext().getRunAsUser()
                + ":"
                + pod.getSecurityContext().getRunAsGroup())
        .isEqualTo(user);
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(container(pod).getSecurityContext())
        .satisfies(
            context -> {
              assertThat(context.getReadOnlyRootFilesystem()).isTrue();
              assertThat(context.getAllowPrivilegeEscalation()).isFalse();
              assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            });
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

  @Test
  void kustomizeMakesAConfigMapOfEveryDashboard() throws IOException {
    String made = InstalledProgram.orSkip("kubectl").run("kustomize", FOLDER.toString());
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
