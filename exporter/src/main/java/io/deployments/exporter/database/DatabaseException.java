package io.deployments.exporter.database;

/** A read that failed. The message is one line for the operator: what happened and what to do. */
public final class DatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final FailureReason reason;
  private final boolean serverAnswered;

  /** A failure with its line for the operator. */
  public DatabaseException(
      FailureReason reason, boolean serverAnswered, String message, Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " "), cause);
    this.reason = reason;
    this.serverAnswered = serverAnswered;
  }

  /** Why. */
  public FailureReason reason() {
    return reason;
  }

  /** Whether the server answered, if only with an error. */
  public boolean serverAnswered() {
    return serverAnswered;
  }
}
