/**
 * The command {@code backfill}: history for Prometheus from the rows that PostgreSQL already has.
 * One pass over the rows slides all windows at once, every series is noted where it changes, and
 * written out at the end.
 *
 * <p>May touch {@code settings}, {@code database}, {@code snapshot}, and {@code metrics} for the
 * names of the families.
 */
@NullMarked
package io.deployments.exporter.backfill;

import org.jspecify.annotations.NullMarked;
