/**
 * Reads the aggregates: the pool, the one read-only transaction, one method per aggregate, and SQL
 * errors turned into a reason and a line that says what to do.
 *
 * <p>May touch {@code settings} and {@code snapshot}. The only package that knows JDBC and the
 * connection pool.
 */
@NullMarked
package io.deployments.exporter.database;

import org.jspecify.annotations.NullMarked;
