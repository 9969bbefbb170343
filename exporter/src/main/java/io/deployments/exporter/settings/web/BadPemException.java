package io.deployments.exporter.settings.web;

/** A certificate or key that can't be used. */
public final class BadPemException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String option;

  BadPemException(PemSource source, String problem) {
    super(
        source.option()
            + (source instanceof PemSource.InFile file ? " is '" + file.path() + "'" : "")
            + ", "
            + problem);
    this.option = source.option();
  }

  /** The option at fault, for example {@code cert_file}. */
  String option() {
    return option;
  }
}
