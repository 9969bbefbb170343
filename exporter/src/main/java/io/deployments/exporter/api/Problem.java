package io.deployments.exporter.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
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

  /** 400: a parameter is missing, empty, repeated, unknown or out of range. */
  static ProblemException badParameter(
      String parameter, @Nullable String value, String what, String allowed) {
    return new ProblemException(
        new Problem(
            "about:blank",
            "Bad Request",
            400,
            "The parameter " + parameter + " " + what + "; allowed: " + allowed + ".",
            parameter,
            value == null ? null : shown(value),
            allowed),
        null);
  }

  /** 404: the network is neither configured nor seen. */
  static ProblemException unknownNetwork(String network, String allowed) {
    return new ProblemException(
        new Problem(
            "about:blank",
            "Not Found",
            404,
            "No network '"
                + shown(network)
                + "' is configured or has figures of its own over these days; allowed: "
                + allowed
                + ".",
            "network",
            shown(network),
            allowed),
        null);
  }

  /** 404: nothing is served under this path. */
  public static Problem noSuchPath() {
    return new Problem(
        "about:blank",
        "Not Found",
        404,
        "Nothing is served under this path; /openapi.json describes those of the API.",
        null,
        null,
        null);
  }

  /** 503: the database can't answer now. */
  static ProblemException unavailable(String detail, Duration retryAfter) {
    return new ProblemException(
        new Problem("about:blank", "Service Unavailable", 503, detail, null, null, null),
        retryAfter);
  }

  /** A value as part of an answer: not too long. */
  static String shown(String value) {
    return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
  }
}
