package io.deployments.exporter.metrics;

import io.deployments.exporter.snapshot.Window;

/**
 * Name and description of one deployment family, as in {@code docs/metrics.md}; all are gauges.
 *
 * @param name the metric name
 * @param help what is counted, over which window
 */
public record DeploymentFamily(String name, String help) {

  private static final String AS_OF = "As of the last successful refresh.";

  /** Deployments by network, template and status. */
  public static DeploymentFamily deployments(Window window) {
    String w = window.name();
    return new DeploymentFamily(
        "deployments_" + w, "Deployments created in the last " + w + ". " + AS_OF);
  }

  /** Distinct projects by network. */
  public static DeploymentFamily activeProjects(Window window) {
    String w = window.name();
    return new DeploymentFamily(
        "deployments_active_projects_" + w,
        "Distinct projects with a deployment on the network in the last "
            + w
            + ". Do not add networks up: a project may be on several. "
            + AS_OF);
  }

  /** Distinct projects over all networks. */
  public static DeploymentFamily activeProjectsAnyNetwork(Window window) {
    String w = window.name();
    return new DeploymentFamily(
        "deployments_active_projects_any_network_" + w,
        "Distinct projects with a deployment on any network in the last " + w + ". " + AS_OF);
  }

  /** Distinct projects by network and template. */
  public static DeploymentFamily templateProjects(Window window) {
    String w = window.name();
    return new DeploymentFamily(
        "deployments_template_projects_" + w,
        "Distinct projects that deployed the template on the network in the last "
            + w
            + ". Do not add them up: a project may use several templates. "
            + AS_OF);
  }

  /** Successful through all deployments by network. */
  public static DeploymentFamily successRatio(Window window) {
    String w = window.name();
    return new DeploymentFamily(
        "deployments_success_ratio_" + w,
        "Successful deployments divided by all deployments of the network created in the last "
            + w
            + ", 0 to 1; pending ones count as not successful. No sample when there were no"
            + " deployments. "
            + AS_OF);
  }

  /** Unix time in seconds of the newest deployment by network, template and status. */
  public static DeploymentFamily lastCreated(Window largest) {
    return new DeploymentFamily(
        "deployments_last_created_timestamp_seconds",
        "Unix time at which the newest deployment of the last "
            + largest.name()
            + " was created. "
            + AS_OF);
  }
}
