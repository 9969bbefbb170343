/** The server: metrics and probes. The only package that knows the web framework. */
@NullMarked
package io.deployments.exporter.http;

import org.jspecify.annotations.NullMarked;
