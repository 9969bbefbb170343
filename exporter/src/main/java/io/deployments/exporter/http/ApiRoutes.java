package io.deployments.exporter.http;

import io.deployments.exporter.api.AnswerWriter;
import io.deployments.exporter.api.Api;
import io.deployments.exporter.api.Problem;
import io.deployments.exporter.api.ProblemException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The routes of the API: parameters in, JSON, CSV or a problem out. */
final class ApiRoutes {

  private static final String CSV = "text/csv";

  private final Api api;
  private final AnswerWriter writer = new AnswerWriter();
  private final String description = read("/openapi.json");
  private final Preferences accepted = new Preferences("Accept");

  ApiRoutes(Api api) {
    this.api = api;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/v1/active-projects", context -> answer(context, api::activeProjects));
    routes.get("/api/v1/deployment-stats", context -> answer(context, api::deploymentStats));
    routes.get("/api/v1/network-split", context -> answer(context, api::networkSplit));
    routes.get("/api/v1/template-adoption", context -> answer(context, api::templateAdoption));
    routes.get(
        "/openapi.json",
        context -> context.contentType("application/json").result(utf8(description)));
    routes.exception(ProblemException.class, this::problem);
    routes.exception(NotFoundResponse.class, this::notFound);
  }

  private void answer(Context context, Function<Map<String, List<String>>, Api.Answer> question) {
    Api.Answer answer = question.apply(context.queryParamMap());
    context.header("Last-Modified", httpDate(answer.moment())).header("Vary", "Accept");
    if (prefersCsv(context)) {
      context.contentType(CSV + "; charset=utf-8; header=present").result(utf8(writer.csv(answer)));
    } else {
      context.contentType("application/json").result(utf8(writer.json(answer)));
    }
  }

  /** JSON unless the client likes CSV better: whoever accepts anything gets JSON. */
  private boolean prefersCsv(Context context) {
    for (String value : accepted.of(context)) {
      String type = Preferences.type(value);
      if (type.equals(CSV)) {
        return true;
      }
      if (List.of("application/json", "application/*", "*/*").contains(type)) {
        return false;
      }
    }
    return false;
  }

  private void problem(ProblemException e, Context context) {
    e.retryAfter().ifPresent(time -> context.header("Retry-After", seconds(time)));
    write(e.problem(), context);
  }

  private void notFound(NotFoundResponse e, Context context) {
    if (context.path().startsWith("/api/")) {
      write(Problem.noSuchPath(), context);
    } else {
      context.status(404).result("404 Not Found\n");
    }
  }

  private void write(Problem problem, Context context) {
    context
        .status(problem.status())
        .contentType("application/problem+json")
        .result(utf8(writer.json(problem)));
  }

  /** JSON is UTF-8 by definition; the framework would take Latin-1 for types it doesn't know. */
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String seconds(Duration time) {
    return String.valueOf(Math.max(1, time.plusNanos(999_999_999).toSeconds()));
  }

  private static String httpDate(Instant moment) {
    return DateTimeFormatter.RFC_1123_DATE_TIME
        .format(moment.atOffset(ZoneOffset.UTC))
        // RFC 9110 wants two digits for the day, and GMT.
        .replaceFirst("^(\\w{3}, )(\\d )", "$10$2");
  }

  static String read(String resource) {
    try (InputStream file = ApiRoutes.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalArgumentException("There is no " + resource);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
