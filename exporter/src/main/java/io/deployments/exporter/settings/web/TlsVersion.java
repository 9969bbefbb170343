package io.deployments.exporter.settings.web;

/** A version of TLS that Java still offers. */
public enum TlsVersion {
  /** TLS 1.2. */
  TLS12("TLSv1.2"),
  /** TLS 1.3. */
  TLS13("TLSv1.3");

  private final String protocol;

  TlsVersion(String protocol) {
    this.protocol = protocol;
  }

  /** The name that Java has for it. */
  public String protocol() {
    return protocol;
  }

  /**
   * Reads {@code TLS12} or {@code TLS13}.
   *
   * @throws IllegalArgumentException that says what is allowed
   */
  static TlsVersion parse(String text) {
    return switch (text) {
      case "TLS12" -> TLS12;
      case "TLS13" -> TLS13;
      default ->
          throw new IllegalArgumentException("TLS12, TLS13; Java no longer offers older versions");
    };
  }
}
