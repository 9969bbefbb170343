package io.deployments.exporter.snapshot;

/**
 * The deployments of one network in one window.
 *
 * @param total all, whatever their status
 * @param successful those with status {@code success}
 * @param failed those with status {@code failed}
 * @param projects distinct projects
 */
public record NetworkStats(
    String network, long total, long successful, long failed, long projects) {}
