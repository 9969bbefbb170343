package io.deployments.exporter.database;

/** A read that failed. The message is one line for the operator: what happened and what to do. */
public final class DatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final FailureReason reason;
  private final boolean serverAnswered;
  private final String condition;

  /**
   * A failure with its line for the operator.
   *
   * @param condition what is wrong with the database, whichever statement met it
   */
  public DatabaseException(
      FailureReason reason,
      boolean serverAnswered,
      String condition,
      String message,
      Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " "), cause);
    this.reason = reason;
    this.serverAnswered = serverAnswered;
    this.condition = condition;
  }

  /** Why. */
  public FailureReason reason() {
    return reason;
  }

  /** What is wrong with the database: the same as long as that is, whichever statement meets it. */
  public String condition() {
    return condition;
  }

  /** Whether the server answered, if only with an error. */
  public boolean serverAnswered() {
    return serverAnswered;
  }
}
