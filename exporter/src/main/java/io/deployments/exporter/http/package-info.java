/**
 * The server: metrics, API, probes, the landing page, and who may ask.
 *
 * <p>May touch everything that it serves ({@code metrics}, {@code api}, {@code refresh}, {@code
 * snapshot}) and {@code settings}, but not the database. The only package that knows the web
 * framework.
 */
@NullMarked
package io.deployments.exporter.http;

import org.jspecify.annotations.NullMarked;
