/**
 * Flags and environment variables, validated into records; what comes after can't hold an invalid
 * one.
 *
 * <p>May touch {@code snapshot}, whose windows and bounds are settings. The command line library is
 * known here and where commands are; of JDBC nothing but the driver's own reading of a URL.
 */
@NullMarked
package io.deployments.exporter.settings;

import org.jspecify.annotations.NullMarked;
