package io.deployments.exporter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/** What the API answers with; the names and their order are its contract. */
final class Answers {

  private Answers() {}

  /**
   * Distinct projects with a deployment.
   *
   * @param days over which they are counted
   */
  @JsonPropertyOrder({"network", "days", "active_projects"})
  record ActiveProjects(
      @JsonProperty("network") String network,
      @JsonProperty("days") int days,
      @JsonProperty("active_projects") long activeProjects) {}

  /**
   * How the deployments of a network went.
   *
   * @param successRate successful / total, 0 to 1; 0 when the total is 0
   */
  @JsonPropertyOrder({
    "network",
    "total_deployments",
    "successful",
    "failed",
    "unique_projects",
    "success_rate"
  })
  record DeploymentStats(
      @JsonProperty("network") String network,
      @JsonProperty("total_deployments") long totalDeployments,
      @JsonProperty("successful") long successful,
      @JsonProperty("failed") long failed,
      @JsonProperty("unique_projects") long uniqueProjects,
      @JsonProperty("success_rate") double successRate) {}

  /** Deployments per network, by name, and their sum. */
  @JsonPropertyOrder({"networks", "total"})
  record NetworkSplit(
      @JsonProperty("networks") Map<String, Share> networks, @JsonProperty("total") long total) {}

  /**
   * One network's part.
   *
   * @param percentage of all deployments, 0 to 100; 0 when there are none
   */
  @JsonPropertyOrder({"deployments", "percentage"})
  record Share(
      @JsonProperty("deployments") long deployments,
      @JsonProperty("percentage") double percentage) {}

  /** A {@link Share} as a row of CSV. */
  @JsonPropertyOrder({"network", "deployments", "percentage"})
  record ShareRow(
      @JsonProperty("network") String network,
      @JsonProperty("deployments") long deployments,
      @JsonProperty("percentage") double percentage) {}

  /**
   * One template on one network.
   *
   * @param adoptionRate usage count / all deployments of the network, 0 to 1
   */
  @JsonPropertyOrder({"template", "usage_count", "success_count", "adoption_rate"})
  record TemplateAdoption(
      @JsonProperty("template") String template,
      @JsonProperty("usage_count") long usageCount,
      @JsonProperty("success_count") long successCount,
      @JsonProperty("adoption_rate") double adoptionRate) {}
}
