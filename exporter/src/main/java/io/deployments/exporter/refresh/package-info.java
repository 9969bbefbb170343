/** When to read, what to do when that fails, and the snapshot that is current. */
@NullMarked
package io.deployments.exporter.refresh;

import org.jspecify.annotations.NullMarked;
