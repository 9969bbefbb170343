package io.deployments.exporter.database;

import java.time.Instant;
import java.util.Optional;

/**
 * When the rows of the table are from.
 *
 * @param newest the newest {@code created_at} that isn't in the future; empty if there is none
 * @param fromFuture rows from the future
 * @param furthest the {@code created_at} furthest in the future, as the database writes it; empty
 *     if there is none
 * @param withoutTime rows without {@code created_at}, or with {@code -infinity} there
 */
public record TimeRange(
    Optional<Instant> newest, long fromFuture, String furthest, long withoutTime) {}
