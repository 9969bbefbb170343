package io.deployments.exporter.settings;

import io.deployments.exporter.snapshot.Scope;

/**
 * All settings of the exporter.
 *
 * @param database where the deployments are
 * @param scope what a snapshot covers
 * @param refresh how often to read
 * @param listenAddress where to serve
 * @param logLevel {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}
 */
public record Settings(
    DatabaseSettings database,
    Scope scope,
    RefreshSettings refresh,
    ListenAddress listenAddress,
    String logLevel) {}
