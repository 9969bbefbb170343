package io.deployments.exporter.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What Grafana is given at its start: a data source and the folder of dashboards. */
class ProvisioningTest {

  private static final Path PROVISIONING = Path.of("..", "grafana", "provisioning");

  @Test
  void theDataSourceKnowsTheScrapeInterval() throws IOException {
    Map<?, ?> source = only(PROVISIONING.resolve("datasources/prometheus.yml"), "datasources");
    assertThat(source.get("uid")).isEqualTo("prometheus");
    assertThat(source.get("url")).isEqualTo("${PROMETHEUS_URL}");
    assertThat(source.get("editable")).isEqualTo(false);
    Map<?, ?> global = (Map<?, ?>) yaml(Path.of("..", "prometheus/prometheus.yml")).get("global");
    assertThat(((Map<?, ?>) source.get("jsonData")).get("timeInterval"))
        .isEqualTo(global.get("scrape_interval"));
  }

  @Test
  void dashboardsComeFromTheFilesOnly() throws IOException {
    Map<?, ?> provider = only(PROVISIONING.resolve("dashboards/deployments.yml"), "providers");
    assertThat(provider.get("folderUid")).isEqualTo("deployments");
    assertThat(provider.get("updateIntervalSeconds")).isEqualTo(30);
    assertThat(provider.get("allowUiUpdates")).isEqualTo(false);
    String path = (String) ((Map<?, ?>) provider.get("options")).get("path");
    Path folder = Path.of(path.replace("${GF_PATHS_PROVISIONING}", PROVISIONING.toString()));
    assertThat(folder.resolve("deployments-overview.json")).exists();
  }

  private static Map<?, ?> only(Path file, String list) throws IOException {
    List<?> entries = (List<?>) yaml(file).get(list);
    assertThat(entries).hasSize(1);
    return (Map<?, ?>) entries.get(0);
  }

  private static Map<?, ?> yaml(Path file) throws IOException {
    return (Map<?, ?>)
        new Load(LoadSettings.builder().setLabel(file.toString()).build())
            .loadFromString(Files.readString(file));
  }
}
