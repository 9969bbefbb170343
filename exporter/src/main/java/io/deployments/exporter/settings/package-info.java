/**
 * Flags and environment variables, validated into records; what comes after can't hold an invalid
 * one. The only package that knows the command line library.
 */
@NullMarked
package io.deployments.exporter.settings;

import org.jspecify.annotations.NullMarked;
