/** The four questions, answered from the snapshot or by one query: answers, problems, CSV. */
@NullMarked
package io.deployments.exporter.api;

import org.jspecify.annotations.NullMarked;
