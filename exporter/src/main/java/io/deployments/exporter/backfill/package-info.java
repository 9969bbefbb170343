/**
 * History for Prometheus from the rows that PostgreSQL already has: one pass over the rows slides
 * all windows at once, every series is noted where it changes, and written out at the end.
 */
@NullMarked
package io.deployments.exporter.backfill;

import org.jspecify.annotations.NullMarked;
