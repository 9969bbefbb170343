package io.deployments.exporter.database;

import java.util.Locale;

/** Why a read failed; the label {@code reason} of the failure counter. */
public enum FailureReason {
  /** No usable connection: refused, rejected, shut down, TLS, or silence before a statement. */
  CONNECT,
  /** A statement or a lock took too long, or the server fell silent within a statement. */
  TIMEOUT,
  /** Any other SQL error. */
  QUERY,
  /** The rows that came make no snapshot, or an error of the exporter itself ended the read. */
  DATA;

  /** The label value. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
