package io.deployments.exporter.snapshot;

import java.time.Instant;
import java.util.List;

/**
 * What the database said at one moment, before zeros are filled in. Only values with rows in the
 * largest window occur.
 *
 * @param moment the moment <i>t</i> that every count refers to
 * @param deployments by network, template and status
 * @param networkProjects at most one for each network
 * @param anyNetworkProjects distinct projects over all networks
 * @param templateProjects at most one for each network and template
 */
public record Aggregates(
    Instant moment,
    Deployments deployments,
    List<NetworkProjects> networkProjects,
    WindowCounts anyNetworkProjects,
    List<TemplateProjects> templateProjects) {

  /** Copies the lists. */
  public Aggregates {
    networkProjects = List.copyOf(networkProjects);
    templateProjects = List.copyOf(templateProjects);
  }
}
