package io.deployments.exporter.check;

import java.util.Locale;

/** How bad a finding is; the worst one comes last. */
enum Verdict {
  /** As it should be. */
  OK,
  /** May be intended, and leaves every figure right. */
  WARN,
  /** Makes figures wrong or missing. */
  FAIL;

  /** The word that begins a line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
