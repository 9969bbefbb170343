/**
 * What one refresh found, as immutable values: windows, counts and the snapshot that holds them.
 *
 * <p>Imports nothing of the project, so that every other package can speak of these values.
 */
@NullMarked
package io.deployments.exporter.snapshot;

import org.jspecify.annotations.NullMarked;
