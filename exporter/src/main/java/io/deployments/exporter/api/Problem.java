package io.deployments.exporter.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a request has no answer, as RFC 9457 problem details. Says what the client did and may do,
 * nothing about the inside.
 *
 * @param title the phrase of the status
 * @param status HTTP status
 * @param detail a sentence for a person
 * @param parameter the parameter at fault, if one is
 * @param value what it was, cut off where it is long
 * @param allowed what it may be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "parameter", "value", "allowed"})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String parameter,
    @Nullable String value,
    @Nullable String allowed) {

  private static final int SHOWN = 200;

  /** Thrown in place of an answer. */
  public static final class Exception extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final @Nullable Duration retryAfter;

    private Exception(Problem problem, @Nullable Duration retryAfter) {
      super(problem.detail());
      this.problem = problem;
      this.retryAfter = retryAfter;
    }

    /** What is wrong. */
    public Problem problem() {
      return problem;
    }

    /** When to try again, where that may help. */
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }
  }

  /** 400: a parameter is missing, empty, repeated or out of range. */
  static Exception badParameter(
      String parameter, @Nullable String value, String what, String allowed) {
    return new Exception(
        new Problem(
            "about:blank",
            "Bad Request",
            400,
            "The parameter " + parameter + " " + what + "; allowed: " + allowed + ".",
            parameter,
            shown(value),
            allowed),
        null);
  }

  /** 404: the network is neither configured nor seen. */
  static Exception unknownNetwork(String network, String allowed) {
    return new Exception(
        new Problem(
            "about:blank",
            "Not Found",
            404,
            "No such network is configured or has figures; allowed: " + allowed + ".",
            "network",
            shown(network),
            allowed),
        null);
  }

  /** 503: the database can't answer now. */
  static Exception unavailable(String detail, Duration retryAfter) {
    return new Exception(
        new Problem("about:blank", "Service Unavailable", 503, detail, null, null, null),
        retryAfter);
  }

  private static @Nullable String shown(@Nullable String value) {
    return value == null || value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
  }
}
