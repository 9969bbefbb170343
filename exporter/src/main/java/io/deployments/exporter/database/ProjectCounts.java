package io.deployments.exporter.database;

import io.deployments.exporter.snapshot.NetworkProjects;
import io.deployments.exporter.snapshot.TemplateProjects;
import io.deployments.exporter.snapshot.WindowCounts;
import java.util.List;

/**
 * Distinct projects.
 *
 * @param onNetworks at most one for each network
 * @param onAnyNetwork over all networks; a project on several counts once
 * @param ofTemplates at most one for each network and template
 */
public record ProjectCounts(
    List<NetworkProjects> onNetworks,
    WindowCounts onAnyNetwork,
    List<TemplateProjects> ofTemplates) {

  /** Copies the lists. */
  public ProjectCounts {
    onNetworks = List.copyOf(onNetworks);
    ofTemplates = List.copyOf(ofTemplates);
  }
}
