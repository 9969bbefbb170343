package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether an index finds the rows of a window, and the statement that makes one. */
@Tag("postgres")
class IndexTest {

  private TestDatabase postgres;

  @BeforeEach
  void create() {
    postgres = TestDatabase.create();
    postgres.execute(TestDatabase.read("/shapes/roles.sql"));
  }

  @AfterEach
  void drop() {
    postgres.close();
  }

  private void grant(String table) {
    postgres.execute("GRANT SELECT ON " + table + " TO deployment_exporter");
  }

  /** 100,000 rows of 100 days, about 9 MB. */
  private void fill(String table) {
    postgres.execute(
        """
        INSERT INTO %s (project_id, network, template, status, created_at)
        SELECT md5(i::text), CASE i %% 2 WHEN 0 THEN 'metis' ELSE 'hyperion' END, 'erc20',
               CASE i %% 9 WHEN 0 THEN 'failed' ELSE 'success' END,
               now() - i * interval '86.4 seconds'
        FROM generate_series(1, 100000) AS i
        """
            .formatted(table));
    postgres.execute("ANALYZE");
  }

  private void assertMended(String fix, String... table) {
    Checked before = Checked.asExporter(postgres, table);
    assertThat(before.right()).as("slow is not wrong" + before).isTrue();
    before.assertOn("index").startsWith("warn ").contains(" MB");
    assertThat(before.fixes("index")).contains(fix);
    before.paste(postgres, "index");
    postgres.execute("ANALYZE");
    Checked.asExporter(postgres, table).assertOn("index").startsWith("ok ").contains("finds");
  }

  @Test
  void aLargeTableGetsAnIndexOfAllFiveColumns() {
    postgres.execute(
        "CREATE TABLE deployments (project_id text, network text, template text, status text,"
            + " created_at timestamptz)");
    fill("deployments");
    grant("deployments");
    assertMended(
        "CREATE INDEX CONCURRENTLY ON public.deployments"
            + " (created_at) INCLUDE (network, template, status, project_id);");
  }

  @Test
  void aSmallTableNeedsNone() {
    postgres.execute(
        "CREATE TABLE deployments (project_id text, network text, template text, status text,"
            + " created_at timestamptz)");
    grant("deployments");
    Checked.asExporter(postgres)
        .assertOn("index")
        .isEqualTo("ok public.deployments: none needed, it is small (0 kB)");
  }

  @Test
  void anIndexSortedByAnotherColumnFirstDoesNotServe() {
    postgres.execute(
        "CREATE TABLE deployments (project_id text, network text, template text, status text,"
            + " created_at timestamptz); CREATE INDEX ON deployments (network);"
            + " CREATE INDEX ON deployments (network, created_at)");
    fill("deployments");
    grant("deployments");
    Checked.asExporter(postgres).assertOn("index").startsWith("warn ").contains("on created_at");
  }

  @Test
  void partitionsGetTheirsOneByOne() {
    postgres.execute(
        """
        CREATE SCHEMA "Old Stuff";
        CREATE TABLE deployments (project_id text, network text, template text, status text,
          created_at timestamptz) PARTITION BY RANGE (created_at);
        CREATE TABLE "Old Stuff"."The rest" PARTITION OF deployments DEFAULT;
        CREATE TABLE late PARTITION OF deployments FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
        CREATE TABLE deployments_of_all_networks_and_customers_in_2018 PARTITION OF deployments
          FOR VALUES FROM ('2018-01-01') TO ('2019-01-01');
        CREATE TABLE deployments_of_all_networks_and_customers_in_2019 PARTITION OF deployments
          FOR VALUES FROM ('2019-01-01') TO ('2020-01-01');
        """);
    fill("deployments");
    grant("deployments");
    assertMended(
        "CREATE INDEX CONCURRENTLY \"late_created_at_exporter\" ON public.late (created_at)");
    assertThat(
            postgres.query(
                "SELECT indisvalid FROM pg_index WHERE indrelid = 'deployments'::regclass"))
        .as("the index of the whole")
        .singleElement()
        .asString()
        .isEqualTo("[t]");
  }

  @Test
  void aViewOverAnExpressionGetsAnIndexOnTheExpression() {
    postgres.execute(
        """
        CREATE SCHEMA raw;
        CREATE TABLE raw.log (project_id text, network text, template text, status text,
          created_at timestamptz, sent_at timestamptz);
        CREATE VIEW deployments AS
          SELECT project_id, network, template, status, coalesce(l.sent_at, l.created_at) AS created_at
          FROM raw.log AS l;
        """);
    fill("raw.log");
    grant("deployments");
    assertMended("CREATE INDEX CONCURRENTLY ON raw.log ((COALESCE(sent_at, created_at)));");
  }

  @Test
  void theIndexOfATableBelowAViewIsSeen() {
    postgres.run("schema.sql");
    postgres.execute("CREATE VIEW v AS SELECT * FROM deployments");
    fill("deployments");
    grant("v");
    Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", "v")
        .assertOn("index")
        .isEqualTo("ok public.deployments: an index finds the rows of 30d");
  }

  @Test
  void whatIsLookedUpForTheRowsOfTheWindowNeedsNoIndexOnTheTime() {
    postgres.run("schema.sql");
    postgres.execute(
        """
        CREATE VIEW v AS
          SELECT * FROM deployments AS d
          WHERE NOT EXISTS (SELECT FROM deployments AS earlier
                            WHERE earlier.project_id = d.project_id
                              AND earlier.created_at < d.created_at)
        """);
    fill("deployments");
    grant("v");
    Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", "v").assertOn("index").startsWith("ok ");
    postgres.execute("DROP INDEX deployments_created_at");
    Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", "v").assertOn("index").startsWith("warn ");
  }

  @Test
  void aViewThatKeepsTheWindowFromTheTableIsNamed() {
    postgres.run("schema.sql");
    postgres.execute(
        """
        CREATE VIEW v AS
          SELECT project_id, min(network) AS network, min(template) AS template,
                 min(status) AS status, min(created_at) AS created_at
          FROM deployments GROUP BY project_id
        """);
    fill("deployments");
    grant("v");
    Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", "v")
        .assertOn("index")
        .startsWith("warn public.deployments: every refresh reads all")
        .contains("GROUP BY");
  }
}
