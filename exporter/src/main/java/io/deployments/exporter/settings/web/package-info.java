/**
 * The web configuration file, in the format of Prometheus' exporter-toolkit, validated into
 * records.
 *
 * <p>May touch {@code settings} alone. The only package that knows the YAML, PEM and bcrypt
 * libraries.
 */
@NullMarked
package io.deployments.exporter.settings.web;

import org.jspecify.annotations.NullMarked;
