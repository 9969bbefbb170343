package io.deployments.exporter.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.deployments.exporter.testing.Await;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.SettableClock;
import io.deployments.exporter.testing.SqlAnswers;
import io.deployments.exporter.testing.TcpProxy;
import io.deployments.exporter.testing.TestDatabase;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer against SQL, every bad request against its problem, over real HTTP. */
class ApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PATHS =
      List.of("active-projects", "deployment-stats", "network-split", "template-adoption");

  private static TestDatabase postgres;
  private static RunningExporter exporter;

  @BeforeAll
  static void start() {
    postgres = TestDatabase.create().run("schema.sql");
    // 400 days, rows every 96 minutes, none near midnight bounds of a window while the test runs.
    postgres.execute(
        """
        CREATE EXTENSION pg_stat_statements;
        INSERT INTO deployments
        SELECT CASE WHEN i % 17 = 0 THEN NULL ELSE 'p' || i * i % 311 END,
               CASE WHEN i % 3 = 0 THEN 'metis' WHEN i % 29 = 0 THEN NULL
                    WHEN i > 600 AND i % 31 = 0 THEN 'retired' ELSE 'hyperion' END,
               CASE WHEN i % 37 = 0 THEN '' ELSE 'template-' || i * i % 9 END,
               CASE WHEN i % 7 = 0 THEN 'failed' WHEN i % 19 = 0 THEN 'pending' ELSE 'success' END,
               now() - interval '48 minutes' - i * interval '96 minutes'
        FROM generate_series(0, 6000) AS i;
        INSERT INTO deployments VALUES ('future', 'metis', 'x', 'success', now() + interval '1 day')
        """);
    exporter = RunningExporter.ready(postgres.settings("REFRESH_INTERVAL", "1h"));
  }

  @AfterAll
  static void stop() {
    exporter.close();
    postgres.close();
  }

  /** The path with all that it needs, and more parameters to come. */
  private static String complete(String path) {
    return path + (path.equals("network-split") ? "?" : "?network=metis&");
  }

  private static HttpResponse<String> get(String path, String... headers) {
    return exporter.get("/api/v1/" + path, headers);
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  private static JsonNode answer(String path) {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    return json(response);
  }

  @Test
  void everyAnswerIsWhatSqlSays() {
    SqlAnswers.assertSame(postgres, exporter, "SELECT * FROM deployments");
  }

  /** From the snapshot and from the database alike. */
  @ParameterizedTest
  @ValueSource(ints = {30, 31})
  void whatIsBeyondTheBoundsIsOther(int days) {
    try (TestDatabase many = TestDatabase.create().run("schema.sql")) {
      many.execute(
          "INSERT INTO deployments SELECT 'p' || i, CASE WHEN i < 50 THEN 'net-' || i ELSE 'metis'"
              + " END, 'template-' || i % 400, 'success' FROM generate_series(1, 1000) AS i");
      try (RunningExporter folding = RunningExporter.ready(many.settings("MAX_TEMPLATES", "3"))) {
        String query = "?network=metis&days=" + days;
        JsonNode templates = json(folding.get("/api/v1/template-adoption" + query));
        assertThat(templates.findValuesAsText("template"))
            .hasSize(4)
            .startsWith("other")
            .allMatch(name -> name.startsWith("template-") || name.equals("other"));
        JsonNode split = json(folding.get("/api/v1/network-split?days=" + days));
        assertThat(split.get("networks")).hasSize(21);
        assertThat(split.get("networks").get("other").get("deployments").asInt()).isEqualTo(31);
        assertThat(split.get("total").asInt()).isEqualTo(1000);
        for (String path : List.of("active-projects", "deployment-stats")) {
          assertThat(folding.get("/api/v1/" + path + "?network=other&days=" + days).statusCode())
              .as(path)
              .isEqualTo(404);
        }
        assertThat(json(folding.get("/api/v1/active-projects" + query)).get("active_projects"))
            .hasToString("951");
      }
    }
  }

  @Test
  void fieldsComeInTheOrderOfTheContract() {
    assertThat(get("active-projects?network=metis").body())
        .matches("\\{\"network\":\"metis\",\"days\":30,\"active_projects\":\\d+}");
    assertThat(get("deployment-stats?network=metis").body())
        .matches(
            "\\{\"network\":\"metis\",\"total_deployments\":\\d+,\"successful\":\\d+,\"failed\":\\d+,"
                + "\"unique_projects\":\\d+,\"success_rate\":0\\.\\d+}");
    assertThat(get("network-split").body())
        .matches(
            "\\{\"networks\":\\{(\"\\w+\":\\{\"deployments\":\\d+,\"percentage\":[0-9.]+},?)+},"
                + "\"total\":\\d+}");
    assertThat(get("template-adoption?network=metis").body())
        .matches(
            "\\[(\\{\"template\":\"[^\"]+\",\"usage_count\":\\d+,\"success_count\":\\d+,"
                + "\"adoption_rate\":0\\.\\d+},?)+]");
  }

  @Test
  void daysAreThirtyByDefault() {
    for (String path : PATHS) {
      assertThat(answer(complete(path))).isEqualTo(answer(complete(path) + "days=30"));
    }
  }

  @Test
  void aNetworkThatIsKnownButQuietGetsZeros() throws Exception {
    try (TestDatabase empty = TestDatabase.create().run("schema.sql");
        RunningExporter quiet = RunningExporter.ready(empty.settings())) {
      for (String days : List.of("30", "31")) {
        String query = "?network=metis&days=" + days;
        assertThat(quiet.get("/api/v1/deployment-stats" + query).body())
            .isEqualTo(
                "{\"network\":\"metis\",\"total_deployments\":0,\"successful\":0,\"failed\":0,"
                    + "\"unique_projects\":0,\"success_rate\":0.0}");
        assertThat(quiet.get("/api/v1/template-adoption" + query).body()).isEqualTo("[]");
        assertThat(quiet.get("/api/v1/network-split?days=" + days).body())
            .isEqualTo(
                "{\"networks\":{\"hyperion\":{\"deployments\":0,\"percentage\":0.0},"
                    + "\"metis\":{\"deployments\":0,\"percentage\":0.0}},\"total\":0}");
      }
    }
  }

  @Test
  void aNetworkSeenOnlyLongAgoIsKnownOverLongEnough() {
    assertThat(get("active-projects?network=retired&days=30").statusCode()).isEqualTo(404);
    assertThat(answer("active-projects?network=retired&days=366").get("active_projects").asLong())
        .isPositive();
  }

  @Test
  void namesOfAnyScriptComeBackAsTheyAre() {
    try (TestDatabase odd = TestDatabase.create().run("schema.sql")) {
      odd.execute("INSERT INTO deployments VALUES ('p', 'Μῆτις 🚀', 'a,\"b\"', 'success')");
      try (RunningExporter served = RunningExporter.ready(odd.settings())) {
        String network = URLEncoder.encode("Μῆτις 🚀", StandardCharsets.UTF_8);
        String path = "/api/v1/active-projects?network=" + network;
        assertThat(json(served.get(path)).get("network").asText()).isEqualTo("Μῆτις 🚀");
        assertThat(served.get(path, "Accept", "text/csv").body()).contains("Μῆτις 🚀");
        assertThat(
                served
                    .get(path.replace("active-projects", "template-adoption"), "Accept", "text/csv")
                    .body())
            .contains("\r\n\"a,\"\"b\"\"\",1,1,1.0\r\n");
        assertThat(served.get("/").body()).contains("Μῆτις 🚀");
      }
    }
  }

  @Test
  void aReportIsServedAsCsv() {
    HttpResponse<String> response = get("template-adoption?network=metis", "Accept", "text/csv");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
    JsonNode json = answer("template-adoption?network=metis");
    List<String> rows =
        new ArrayList<>(List.of("template,usage_count,success_count,adoption_rate"));
    json.forEach(
        row ->
            rows.add(
                row.get("template").asText()
                    + ","
                    + row.get("usage_count")
                    + ","
                    + row.get("success_count")
                    + ","
                    + row.get("adoption_rate")));
    assertThat(response.body()).isEqualTo(String.join("\r\n", rows) + "\r\n");
    assertThat(get("network-split", "Accept", "text/csv").body())
        .startsWith("network,deployments,percentage\r\nhyperion,");
    assertThat(get("active-projects?network=metis", "Accept", "text/csv").body())
        .matches("network,days,active_projects\r\nmetis,30,\\d+\r\n");
  }

  @Test
  void aSpreadsheetRunsNoCell() {
    List<String> runs =
        List.of(
            "=1+1",
            "+1+1",
            "-1-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "=HYPERLINK(\"http://x\")",
            "-",
            "+49 1",
            "-1\n+1",
            "-x");
    List<String> harmless = List.of("-1", "+1.5e-3", "-.5", "a=1", " =1", "'=1", "1-1", "1");
    try (TestDatabase named = TestDatabase.create().run("schema.sql")) {
      Stream.concat(runs.stream(), harmless.stream())
          .forEach(
              name ->
                  named.execute(
                      "INSERT INTO deployments VALUES ('p', '=metis', $$"
                          + name
                          + "$$, 'success')"));
      try (RunningExporter served = RunningExporter.ready(named.settings())) {
        String query = "/api/v1/template-adoption?network=%3Dmetis";
        List<String> cells = new ArrayList<>();
        String csv = served.get(query, "Accept", "text/csv").body();
        // As a spreadsheet reads it: the quotes are no part of the cell.
        Matcher row =
            Pattern.compile("(?:\"((?:[^\"]|\"\")*)\"|([^,\"]*)),1,1,[0-9.]+\r\n").matcher(csv);
        while (row.find()) {
          cells.add(row.group(1) == null ? row.group(2) : row.group(1).replace("\"\"", "\""));
        }
        assertThat(cells)
            .containsExactlyInAnyOrderElementsOf(
                Stream.concat(runs.stream().map(name -> "'" + name), harmless.stream()).toList());
        assertThat(
                served.get("/api/v1/active-projects?network=%3Dmetis", "Accept", "text/csv").body())
            .endsWith("\r\n\"'=metis\",30,1\r\n");
        List<String> templates = new ArrayList<>();
        json(served.get(query)).forEach(use -> templates.add(use.get("template").asText()));
        assertThat(templates)
            .containsExactlyInAnyOrderElementsOf(
                Stream.concat(runs.stream(), harmless.stream()).toList());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|json",
        "application/json|json",
        "image/png|json",
        "nonsense;;;,|json",
        "text/csv;q=0.5, application/json|json",
        "text/csv, */*;q=0.1|csv",
        "application/json;q=0.2, text/csv;q=0.9|csv",
        "text/csv;q=0|json",
        "Application/JSON, text/csv|json",
        "text/csv, \"|json",
      })
  void jsonUnlessCsvIsLikedBetter(String accept, String format) {
    assertThat(
            get("network-split", "Accept", accept)
                .headers()
                .firstValue("Content-Type")
                .orElseThrow())
        .contains(format);
  }

  @Test
  void lastModifiedIsTheMomentOfTheRead() {
    for (String days : List.of("30", "60")) {
      String date =
          get("network-split?days=" + days).headers().firstValue("Last-Modified").orElseThrow();
      assertThat(date).matches("\\w{3}, \\d{2} \\w{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT");
      Instant moment = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      assertThat(Duration.between(moment, Instant.now()))
          .isBetween(Duration.ZERO, Duration.ofMinutes(5));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "days=0",
        "days=-1",
        "days=367",
        "days=abc",
        "days=",
        "days",
        "days=30&days=30",
        "days=1.0",
        "days=%2B7",
        "days=99999999999999999999",
        "days=%D9%A3",
        "days=7%00",
      })
  void badDaysAreNamed(String days) throws Exception {
    for (String path : PATHS) {
      HttpResponse<String> response = get(complete(path) + days);
      assertProblem(response, 400, "days");
      JsonNode problem = json(response);
      assertThat(problem.get("allowed").asText()).contains("1 to 366");
      assertThat(problem.get("detail").asText())
          .contains("days", problem.get("value").asText(), "1 to 366");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "day=7 | day",
        "day | day",
        "day= | day",
        "day=7&day=8 | day",
        "days=7&day=7 | day",
        "Days=7 | Days",
        "networks=metis | networks",
        "network[]=metis | network[]",
        "%20days=7 | ' days'",
        "=7 | ''",
        "<script>=1 | <script>",
      })
  void aParameterThatDoesNotExistIsNamed(String query, String name) throws Exception {
    for (String path : PATHS) {
      String encoded = query.replace("<", "%3C").replace(">", "%3E").replace("[]", "%5B%5D");
      HttpResponse<String> response = get(complete(path) + encoded);
      assertProblem(response, 400, name);
      assertThat(json(response).get("allowed").asText())
          .isEqualTo(path.equals("network-split") ? "days" : "network, days");
    }
    assertThat(get(complete("network-split") + "days=7&").statusCode()).isEqualTo(200);
    assertProblem(get("network-split?network=metis"), 400, "network");
    assertThat(get(complete("network-split") + "x".repeat(9_000) + "=1").body())
        .hasSizeLessThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/metrics?debug=1",
        "/-/healthy?1700000000",
        "/openapi.json?v=2",
        "/?utm_source=x"
      })
  void pagesThatNoParameterCanMakeWrongTakeAny(String path) {
    assertThat(exporter.get(path).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "network=", "network=metis&network=hyperion"})
  void aMissingOrRepeatedNetworkIsNamed(String network) throws Exception {
    for (String path : List.of("active-projects", "deployment-stats", "template-adoption")) {
      assertProblem(get(path + "?" + network), 400, "network");
    }
  }

  @Test
  void anUnknownNetworkIsNamed() throws Exception {
    String longName = "x".repeat(10_240);
    for (String network : List.of("mars", "METIS", "metis' OR 1=1; --", "metis ", longName)) {
      for (String days : List.of("30", "31")) {
        String value = URLEncoder.encode(network, StandardCharsets.UTF_8);
        HttpResponse<String> response = get("deployment-stats?days=" + days + "&network=" + value);
        assertProblem(response, 404, "network");
        JsonNode problem = json(response);
        assertThat(problem.get("allowed").asText()).contains("hyperion", "metis");
        assertThat(problem.get("detail").asText())
            .contains(problem.get("value").asText(), "hyperion", "metis");
        assertThat(network).startsWith(problem.get("value").asText().replace("…", ""));
        assertThat(response.body()).hasSizeLessThan(1000);
      }
    }
  }

  @Test
  void aPathThatIsNoneGetsAProblemWithinTheApiAndALineElsewhere() {
    HttpResponse<String> response = get("nonsense");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertValid("Problem", json(response));
    assertThat(exporter.get("/nonsense").body()).isEqualTo("404 Not Found\n");
  }

  private static void assertProblem(HttpResponse<String> response, int status, String parameter)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("parameter").asText()).isEqualTo(parameter);
    assertValid("Problem", problem);
    assertThat(response.body()).doesNotContain("Exception", "SELECT", "io.deployments");
  }

  @Test
  void fiftyParallelRequestsCauseOneQuery() throws Exception {
    postgres.execute("SELECT pg_stat_statements_reset()");
    ExecutorService clients = Executors.newFixedThreadPool(50);
    try {
      List<Future<String>> answers =
          IntStream.range(0, 50)
              .mapToObj(
                  i -> clients.submit(() -> get("deployment-stats?network=metis&days=99").body()))
              .toList();
      String first = answers.get(0).get();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo(first).contains("\"success_rate\":0.");
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(
            postgres.query(
                "SELECT sum(calls) FROM pg_stat_statements"
                    + " WHERE query LIKE '%sum(total)%' AND query NOT LIKE '%pg_stat%'"
                    + " AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"))
        .isEqualTo(List.of(List.of("1")));
  }

  @Test
  void answersAreKeptByTheirWeight() {
    try (TestDatabase many = TestDatabase.create().run("schema.sql")) {
      // The answer over 31 days has 40 kB, the one over 60 days more than all that may be kept.
      many.execute(
          "INSERT INTO deployments SELECT 'p', 'metis', repeat('t', 990) || i, 'success',"
              + " CASE WHEN i < 20 THEN now() ELSE now() - interval '40 days' END"
              + " FROM generate_series(1, 2400) AS i");
      try (RunningExporter keeping =
          RunningExporter.ready(
              many.settings("MAX_TEMPLATES", "10000", "REFRESH_INTERVAL", "1h"))) {
        for (int i = 0; i < 3; i++) {
          assertThat(json(keeping.get("/api/v1/template-adoption?network=metis&days=31")))
              .hasSize(19);
        }
        assertThat(deploymentQueries(many)).isEqualTo(2);
        for (int i = 0; i < 3; i++) {
          assertThat(json(keeping.get("/api/v1/template-adoption?network=metis&days=60")))
              .hasSize(2400);
        }
        assertThat(deploymentQueries(many)).isEqualTo(5);
        assertThat(json(keeping.get("/api/v1/template-adoption?network=metis&days=31")))
            .hasSize(19);
        assertThat(deploymentQueries(many)).isEqualTo(5);
      }
    }
  }

  /** How many there were, the refresh's own one included. */
  private static int deploymentQueries(TestDatabase database) {
    // The view is of another database, the statements are of the whole server.
    return Integer.parseInt(
        postgres
            .query(
                "SELECT sum(calls) FROM pg_stat_statements WHERE query LIKE 'WITH counts AS%'"
                    + " AND dbid = (SELECT oid FROM pg_database WHERE datname = '"
                    + database.name()
                    + "')")
            .get(0)
            .get(0));
  }

  @Test
  void scrapesDoNotWaitBehindQuestionsThatWaitForTheDatabase() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(200);
    try (TestDatabase locked = TestDatabase.create().run("schema.sql");
        RunningExporter alone = RunningExporter.ready(locked.settings("REFRESH_INTERVAL", "1h"));
        Connection connection = locked.connect()) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("LOCK TABLE deployments IN ACCESS EXCLUSIVE MODE");
      List<CompletableFuture<HttpResponse<String>>> questions =
          IntStream.range(100, 300)
              .mapToObj(
                  days ->
                      CompletableFuture.supplyAsync(
                          () -> alone.get("/api/v1/network-split?days=" + days), clients))
              .toList();
      Await.until(
          () -> "the last of them are sent away",
          Duration.ofSeconds(20),
          () -> questions.stream().filter(CompletableFuture::isDone).count() == 200 - 64);
      assertThat(alone.get("/metrics").statusCode()).isEqualTo(200);
      assertThat(questions.stream().filter(CompletableFuture::isDone)).hasSize(200 - 64);
      Map<Boolean, List<CompletableFuture<HttpResponse<String>>>> byEnd =
          questions.stream().collect(Collectors.partitioningBy(CompletableFuture::isDone));
      connection.rollback();
      assertUnavailable(byEnd.get(true).get(0).join());
      assertThat(byEnd.get(true)).allMatch(question -> question.join().statusCode() == 503);
      assertThat(byEnd.get(false)).allMatch(question -> question.join().statusCode() == 200);
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void withoutTheDatabaseTheSnapshotAnswersUntilItIsStale() throws Exception {
    SettableClock clock = new SettableClock(Instant.now());
    try (TestDatabase away = TestDatabase.create().run("schema.sql");
        RunningExporter alone = RunningExporter.start(away.settings(), clock)) {
      alone.awaitReady();
      away.execute("DROP TABLE deployments");
      Await.until(
          () -> "a failed refresh",
          Duration.ofSeconds(20),
          () ->
              alone
                  .metrics()
                  .value("deployments_exporter_refresh_failures_total", "reason", "query")
                  .filter(count -> count > 0)
                  .isPresent());
      assertThat(alone.get("/api/v1/network-split?days=30").statusCode()).isEqualTo(200);
      assertUnavailable(alone.get("/api/v1/network-split?days=31"));
      clock.advance(Duration.ofMinutes(6));
      for (String path : PATHS) {
        assertUnavailable(alone.get("/api/v1/" + complete(path) + "days=30"));
      }
      assertThat(alone.get("/").body()).contains("not refreshed since");
    }
  }

  @Test
  void afterAnOutageTheFirstQuestionIsAnsweredAlready() throws Exception {
    try (TestDatabase away = TestDatabase.create().run("schema.sql");
        TcpProxy proxy = TcpProxy.to(away.port());
        RunningExporter alone =
            RunningExporter.ready(
                TestDatabase.settingsFor(
                    "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + away.name(),
                    "REFRESH_INTERVAL",
                    "1h",
                    "REFRESH_TIMEOUT",
                    "5s"))) {
      proxy.swallow();
      assertUnavailable(alone.get("/api/v1/network-split?days=31"));
      proxy.forward();
      // The attempt for the first ends a little after its answer.
      Await.pass(Duration.ofSeconds(3));
      assertThat(alone.get("/api/v1/network-split?days=31").statusCode()).isEqualTo(200);
    }
  }

  private static void assertUnavailable(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After").orElseThrow()).matches("[1-9]\\d*");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(response.body()).doesNotContain("Exception", "SELECT", "deployments\"", "ERROR");
    assertValid("Problem", json(response));
  }

  @Test
  void theDescriptionIsTrueToRoutesAndAnswers() throws Exception {
    HttpResponse<String> response = exporter.get("/openapi.json");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode description = json(response);
    assertThat(description.get("info").get("version").asText())
        .isEqualTo(System.getProperty("exporter.version"));
    List<String> paths = new ArrayList<>();
    description.get("paths").fieldNames().forEachRemaining(paths::add);
    assertThat(paths).containsExactlyElementsOf(PATHS.stream().map(p -> "/api/v1/" + p).toList());
    for (String path : paths) {
      JsonNode operation = description.get("paths").get(path).get("get");
      String schema =
          operation
              .at("/responses/200/content/application~1json/schema/$ref")
              .asText()
              .replace("#/components/schemas/", "");
      for (String days : List.of("1", "45")) {
        String question = complete(path.substring("/api/v1/".length()));
        assertValid(schema, json(get(question + "days=" + days)));
      }
      List<String> parameters = new ArrayList<>();
      operation.get("parameters").forEach(p -> parameters.add(p.get("name").asText()));
      assertThat(json(exporter.get(path + "?any=1")).get("allowed").asText())
          .isEqualTo(String.join(", ", parameters));
    }
  }

  private static void assertValid(String schema, JsonNode instance) {
    ObjectNode root = (ObjectNode) json(exporter.get("/openapi.json"));
    ObjectNode document = JSON.createObjectNode();
    document.set("components", root.get("components"));
    document.put("$ref", "#/components/schemas/" + schema);
    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(document)
                .validate(instance))
        .as(schema + " " + instance)
        .isEmpty();
  }
}
