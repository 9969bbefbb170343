package io.deployments.exporter.http;

import io.deployments.exporter.settings.ListenAddress;

/** The address to serve at can't be had; the message says what to do. */
public final class CannotListenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CannotListenException(ListenAddress address, Throwable cause) {
    super(
        "Can't listen on "
            + address.host()
            + ":"
            + address.port()
            + " ("
            + innermost(cause)
            + "). Stop what uses it, or set LISTEN_ADDRESS to a free address of this machine.",
        cause);
  }

  private static String innermost(Throwable cause) {
    Throwable last = cause;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last.getMessage() == null ? last.toString() : last.getMessage();
  }
}
