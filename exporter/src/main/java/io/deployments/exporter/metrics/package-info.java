/**
 * The snapshot as Prometheus families, the exporter's own metrics, Micrometer's meters, and all of
 * them as text.
 *
 * <p>May touch {@code snapshot}, {@code refresh} for what became of a refresh, and of {@code
 * database} the reasons and the costs that this reports. Knows Prometheus' model and formats, and
 * nothing of how they are served.
 */
@NullMarked
package io.deployments.exporter.metrics;

import org.jspecify.annotations.NullMarked;
