/**
 * The exporter: {@code main}, the command line, and the list of the parts.
 *
 * <p>May touch every package, and is touched by none.
 */
@NullMarked
package io.deployments.exporter;

import org.jspecify.annotations.NullMarked;
