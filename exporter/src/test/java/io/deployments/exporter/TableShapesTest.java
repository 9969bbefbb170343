package io.deployments.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.Exposition;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.SqlAnswers;
import io.deployments.exporter.testing.SqlFigures;
import io.deployments.exporter.testing.TestDatabase;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables with the column types that real ones have, against SQL on the same tables. */
@Tag("postgres")
class TableShapesTest {

  private TestDatabase postgres;

  @BeforeEach
  void createDatabase() {
    postgres = TestDatabase.create();
    postgres.execute("CREATE TYPE state AS ENUM ('success', 'failed', 'pending')");
    postgres.execute("CREATE TYPE chain AS ENUM ('metis', 'hyperion')");
  }

  @AfterEach
  void drop() {
    postgres.close();
  }

  @ParameterizedTest
  @CsvSource({
    "uuid,   text,        text,        text,        timestamptz",
    "bigint, varchar(50), varchar(50), varchar(50), timestamp",
    "text,   chain,       text,        state,       timestamptz",
    "text,   chain,       varchar,     state,       timestamp(3)",
    "uuid,   char(12),    citext,      varchar(9),  timestamptz(0)",
  })
  void everyFamilyIsWhatSqlSays(
      String project, String network, String template, String status, String time) {
    if (template.equals("citext")) {
      postgres.execute("CREATE EXTENSION citext");
    }
    postgres.execute(
        "CREATE TABLE deployments (project_id %s, network %s, template %s, status %s, created_at %s)"
            .formatted(project, network, template, status, time));
    fill("deployments", project, network, template, status, time);
    assertMatchesSql("deployments", "deployments");
  }

  /** Such a type takes names for equal that a label does not. */
  @Test
  void caseMattersEvenWhereTheTypeIgnoresIt() {
    postgres.execute(
        """
        CREATE EXTENSION citext;
        CREATE TABLE deployments (
          project_id text, network citext, template citext, status citext, created_at timestamptz);
        INSERT INTO deployments
        SELECT 'p' || i % 5, (ARRAY['metis', 'Metis', 'hyperion'])[1 + i % 3],
               (ARRAY['a', 'A'])[1 + i % 2], (ARRAY['success', 'SUCCESS', 'failed'])[1 + i % 3],
               now() - i * interval '33.5 minutes'
        FROM generate_series(1, 500) AS i;
        """);
    try (RunningExporter exporter = RunningExporter.ready(postgres.settings())) {
      SqlFigures.assertSame(
          postgres,
          exporter.metrics(),
          "SELECT project_id, CAST(network AS text) AS network, CAST(template AS text) AS template,"
              + " CAST(status AS text) AS status, created_at FROM deployments");
    }
  }

  @Test
  void aViewInAnotherSchemaServes() {
    postgres.execute(
        """
        CREATE SCHEMA raw;
        CREATE TABLE raw.log (id bigint, chain text, kind text, outcome text, at timestamp);
        CREATE SCHEMA telemetry;
        CREATE VIEW telemetry.deployments AS
        SELECT id AS project_id, chain AS network, kind AS template, outcome AS status,
               at AT TIME ZONE 'UTC' AS created_at FROM raw.log;
        """);
    fill("raw.log", "bigint", "text", "text", "text", "timestamp");
    assertMatchesSql("telemetry.deployments", "telemetry.deployments");
  }

  @Test
  void aPartitionedTableWithAnOddNameServes() {
    postgres.execute(
        """
        CREATE SCHEMA "My Schema";
        CREATE TABLE "My Schema"."Deploy""ments?" (
          project_id uuid, network text, template text, status text, created_at timestamptz)
          PARTITION BY RANGE (created_at);
        CREATE TABLE old PARTITION OF "My Schema"."Deploy""ments?"
          FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
        CREATE TABLE rest PARTITION OF "My Schema"."Deploy""ments?" DEFAULT;
        """);
    String table = "\"My Schema\".\"Deploy\"\"ments?\"";
    fill(table, "uuid", "text", "text", "text", "timestamptz");
    assertMatchesSql("My Schema.\"Deploy\"\"ments?\"", table);
  }

  @Test
  void anotherTimeZoneOfTheJvmChangesNothing() {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
      everyFamilyIsWhatSqlSays("text", "text", "text", "text", "timestamp");
    } finally {
      TimeZone.setDefault(before);
    }
  }

  /** 3,000 rows of 35 days, none within two minutes of the bound of a window. */
  private void fill(
      String table, String project, String network, String template, String status, String time) {
    String id =
        switch (project) {
          case "uuid" -> "CAST(md5((i * i % 211)::text) AS uuid)";
          case "bigint" -> "i * i % 211";
          default -> "'p' || i * i % 211";
        };
    postgres.execute(
        """
        SET TIME ZONE 'UTC';
        INSERT INTO %s
        SELECT CASE WHEN i %% 50 = 0 THEN NULL ELSE %s END,
               CAST(CASE WHEN i %% 3 = 0 THEN 'metis' WHEN i %% 41 = 0 THEN NULL ELSE 'hyperion' END AS %s),
               CAST('template-' || i %% 7 AS %s),
               CAST(CASE WHEN i %% 11 = 0 THEN 'failed' WHEN i %% 13 = 0 THEN 'pending' ELSE 'success' END AS %s),
               CAST(now() - interval '24 minutes' + interval '48 minutes' * (i %% 2 - 1)
                    - (i / 2) * interval '33.5 minutes' AS %s)
        FROM generate_series(1, 3000) AS i;
        INSERT INTO %s
        SELECT %s, 'metis', 'template-0', 'success', CAST(now() + interval '1 day' AS %s)
        FROM generate_series(1, 3) AS i;
        """
            .formatted(
                table, id, network, template, status, timeType(time), table, id, timeType(time)));
  }

  private static String timeType(String time) {
    return time.startsWith("timestamptz") ? "timestamptz" : "timestamp";
  }

  private void assertMatchesSql(String setting, String table) {
    try (RunningExporter exporter =
        RunningExporter.ready(postgres.settings("DEPLOYMENTS_TABLE", setting))) {
      // A char column is padded; its values are without the padding.
      String rows =
          "SELECT project_id, trim(CAST(network AS text)) AS network, template, status, created_at"
              + " FROM "
              + table;
      Exposition page = exporter.metrics();
      SqlFigures.assertSame(postgres, page, rows);
      SqlAnswers.assertSame(postgres, exporter, rows);
      // Dense: 3 networks with the NULL ones, 7 templates, 3 statuses.
      assertThat(page.family("deployments_1h", "network", "template", "status")).hasSize(3 * 7 * 3);
    }
  }
}
