/**
 * The snapshot as Prometheus families, and the exporter's own metrics.
 *
 * <p>May touch {@code snapshot}, {@code refresh} for what became of a refresh, and of {@code
 * database} the reasons and the costs that this reports. Knows Prometheus' model, and nothing of
 * how it is served.
 */
@NullMarked
package io.deployments.exporter.metrics;

import org.jspecify.annotations.NullMarked;
