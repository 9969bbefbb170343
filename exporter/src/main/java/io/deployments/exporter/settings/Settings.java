package io.deployments.exporter.settings;

import io.deployments.exporter.settings.web.WebConfig;
import io.deployments.exporter.snapshot.Scope;
import java.util.Optional;

/**
 * All settings of the exporter.
 *
 * @param database where the deployments are
 * @param scope what a snapshot covers
 * @param refresh how often to read
 * @param listenAddress where to serve
 * @param webConfig TLS and passwords; plain HTTP for everyone if empty
 * @param logLevel {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}
 */
public record Settings(
    DatabaseSettings database,
    Scope scope,
    RefreshSettings refresh,
    ListenAddress listenAddress,
    Optional<WebConfig> webConfig,
    String logLevel) {}
