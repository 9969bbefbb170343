/** The snapshot as Prometheus families, and the exporter's own metrics. */
@NullMarked
package io.deployments.exporter.metrics;

import org.jspecify.annotations.NullMarked;
