/** The exporter: {@code main} and the list of its parts. */
@NullMarked
package io.deployments.exporter;

import org.jspecify.annotations.NullMarked;
