package io.deployments.exporter.testing;

import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One row of the deployments table; any column may be NULL. */
public record Row(
    @Nullable String project,
    @Nullable String network,
    @Nullable String template,
    @Nullable String status,
    @Nullable Instant createdAt) {

  /** The row as SQL literals without types, for {@code VALUES}. */
  public String values() {
    return Arrays.asList(
            project, network, template, status, createdAt == null ? null : createdAt.toString())
        .stream()
        .map(value -> value == null ? "NULL" : "'" + value.replace("'", "''") + "'")
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
