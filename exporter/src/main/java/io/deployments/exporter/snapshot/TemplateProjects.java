package io.deployments.exporter.snapshot;

/**
 * Distinct projects of one template on one network.
 *
 * @param counts projects that used the template in each window
 */
public record TemplateProjects(String network, String template, WindowCounts counts) {}
