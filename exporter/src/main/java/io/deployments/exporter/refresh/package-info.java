/**
 * When to read, what to do when that fails, and the snapshot that is current.
 *
 * <p>May touch {@code settings}, {@code database} and {@code snapshot}. Nothing in here waits for
 * whoever asks, and whoever asks waits for nothing in here.
 */
@NullMarked
package io.deployments.exporter.refresh;

import org.jspecify.annotations.NullMarked;
