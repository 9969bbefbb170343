package io.deployments.exporter.database;

import java.util.Map;

/**
 * NULL and empty values in the rows of the largest window.
 *
 * @param rows the rows of the window
 * @param byColumn in how many of them a column has no value
 */
public record MissingValues(long rows, Map<String, Long> byColumn) {

  /** Copies the map. */
  public MissingValues {
    byColumn = Map.copyOf(byColumn);
  }
}
