/**
 * The four questions, answered from the snapshot or by one query: answers, problems, CSV.
 *
 * <p>May touch {@code settings}, {@code database}, {@code snapshot} and {@code refresh}. Knows
 * nothing of the web framework: parameters come in and answers go out as plain values.
 */
@NullMarked
package io.deployments.exporter.api;

import org.jspecify.annotations.NullMarked;
