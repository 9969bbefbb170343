package io.deployments.exporter.snapshot;

/**
 * Distinct projects of one network.
 *
 * @param counts projects with a deployment in each window
 */
public record NetworkProjects(String network, WindowCounts counts) {}
