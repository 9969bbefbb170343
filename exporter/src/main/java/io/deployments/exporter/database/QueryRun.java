package io.deployments.exporter.database;

import java.time.Duration;

/**
 * One run of one aggregate.
 *
 * @param query the name of its SQL file
 * @param duration from sending the statement to the last row
 * @param rows rows it returned
 */
public record QueryRun(String query, Duration duration, long rows) {}
