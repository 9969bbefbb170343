package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployments.exporter.settings.Settings;
import io.deployments.exporter.testing.InstalledProgram;
import io.deployments.exporter.testing.RunningExporter;
import io.deployments.exporter.testing.SqlAnswers;
import io.deployments.exporter.testing.SqlFigures;
import io.deployments.exporter.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables that platforms have, from nothing to figures. */
@Tag("postgres")
class ViewsTest {

  /** A shape of tables, with its five columns written down a second time and in another way. */
  enum Shape {
    A(
        "shape-a-hyperagent.sql",
        "hyperagent.deployments",
        """
        SELECT workflow_id AS project_id,
               split_part(lower(deployment_network), '_', 1) AS network,
               contract_type AS template,
               CASE WHEN deployment_status IN ('confirmed', 'Confirmed', 'deployed', 'success') THEN 'success'
                    WHEN deployment_status IN ('failed', 'error', 'reverted') THEN 'failed'
                    ELSE 'pending' END AS status,
               deployed_at AS created_at
        FROM hyperagent.deployments AS d
        LEFT JOIN hyperagent.generated_contracts AS c ON d.contract_id = c.id
        """,
        """
        SELECT workflow_id AS project_id, deployment_network AS network, contract_type AS template,
               CASE deployment_status WHEN 'confirmed' THEN 'success' ELSE deployment_status END AS status,
               deployed_at AS created_at
        FROM hyperagent.deployments AS d
        LEFT JOIN hyperagent.generated_contracts AS c ON d.contract_id = c.id
        """),
    B(
        "shape-b-runs.sql",
        "public.deployments",
        """
        SELECT (SELECT r.project_id FROM runs AS r WHERE r.id = d.run_id) AS project_id,
               CASE WHEN network IN ('hyperion', 'Hyperion-Testnet') THEN 'hyperion'
                    WHEN network = 'metis andromeda' THEN 'metis'
                    WHEN network = 'mantle' THEN 'mantle'
                    WHEN chain_id = 133717 THEN 'hyperion'
                    WHEN chain_id IN (1088, 59902) THEN 'metis'
                    WHEN chain_id = 5000 THEN 'chain-5000' END AS network,
               metadata ->> 'template' AS template,
               CASE WHEN status IN ('confirmed', 'deployed', 'completed', 'success') THEN 'success'
                    WHEN status IN ('failed', 'Failed', 'error', 'reverted') THEN 'failed'
                    WHEN status IS NOT NULL THEN 'pending' END AS status,
               created_at
        FROM deployments AS d
        """,
        """
        SELECT r.project_id, network, metadata ->> 'template' AS template,
               CASE d.status WHEN 'confirmed' THEN 'success' ELSE d.status END AS status, created_at
        FROM deployments AS d LEFT JOIN runs AS r ON d.run_id = r.id
        """),
    C(
        "shape-c-contracts.sql",
        "public.deployments",
        """
        SELECT (min(CAST(project_id AS text))) AS project_id,
               CASE WHEN min(network_name) = 'Hyperion Testnet' THEN 'hyperion'
                    WHEN min(network_name) <> '' THEN lower(min(network_name))
                    WHEN min(chain_id) = 133717 THEN 'hyperion'
                    WHEN min(chain_id) IN (1088, 59902) THEN 'metis'
                    WHEN min(chain_id) = 5000 THEN 'chain-5000' END AS network,
               min(plan ->> 'template') AS template,
               CASE WHEN bool_and(status <> 'pending') THEN 'success' ELSE 'pending' END AS status,
               min(created_at) AS created_at
        FROM deployments
        GROUP BY coalesce(CAST(run_id AS text), CAST(ctid AS text))
        """,
        """
        SELECT project_id, network_name AS network, plan ->> 'template' AS template,
               CASE status WHEN 'deployed' THEN 'success' ELSE status END AS status, created_at
        FROM deployments
        """);

    private final String file;
    private final String table;
    private final String rows;
    private final String rowsBySkeleton;

    Shape(String file, String table, String rows, String rowsBySkeleton) {
      this.file = file;
      this.table = table;
      this.rows = rows;
      this.rowsBySkeleton = rowsBySkeleton;
    }

    /** What a person would fill in. */
    private Map<String, String> blanks() {
      return switch (this) {
        case A ->
            Map.of(
                "<<project_id>>",
                "generated_contracts.workflow_id",
                "<<template>>",
                "generated_contracts.contract_type",
                "<<success>>",
                "'confirmed'",
                "<<failed>>",
                "'failed'");
        case B ->
            Map.of(
                "<<template>>",
                "deployments.metadata ->> 'template'",
                "<<success>>",
                "'confirmed'",
                "<<failed>>",
                "'failed'");
        case C ->
            Map.of(
                "<<template>>",
                "deployments.plan ->> 'template'",
                "<<success>>",
                "'deployed'",
                "<<failed>>",
                "'failed'");
      };
    }

    private List<String> baseTables() {
      return switch (this) {
        case A -> List.of(table, "hyperagent.generated_contracts");
        case B -> List.of(table, "public.runs");
        case C -> List.of(table, "public.projects");
      };
    }
  }

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

  private void createTables(Shape shape) {
    String name = shape.file.substring(0, "shape-a".length());
    asOwner(TestDatabase.read("/shapes/" + name + ".sql"));
  }

  private void asOwner(String sql) {
    postgres.execute("SET ROLE platform");
    postgres.execute(sql);
    postgres.execute("RESET ROLE");
  }

  private void makeRole() {
    postgres.execute(
        TestDatabase.read("/database/exporter-role.sql").replace(":'password'", "'tiger'"));
  }

  private Settings settings(String table, String... more) {
    String[] all = new String[more.length + 6];
    System.arraycopy(more, 0, all, 0, more.length);
    all[more.length] = "DATABASE_USER";
    all[more.length + 1] = "deployment_exporter";
    all[more.length + 2] = "DATABASE_PASSWORD";
    all[more.length + 3] = "tiger";
    all[more.length + 4] = "DEPLOYMENTS_TABLE";
    all[more.length + 5] = table;
    return postgres.settings(all);
  }

  @ParameterizedTest
  @EnumSource
  void theViewGivesTheFiguresOfTheTables(Shape shape) throws SQLException {
    createTables(shape);
    makeRole();
    // Twice: it can be run again.
    asOwner(TestDatabase.read("/database/views/" + shape.file));
    asOwner(TestDatabase.read("/database/views/" + shape.file));

    Settings settings = settings("telemetry.deployments");
    try (RunningExporter exporter = RunningExporter.ready(settings)) {
      SqlFigures.assertSame(postgres, exporter.metrics(), shape.rows);
      SqlAnswers.assertSame(postgres, exporter, shape.rows);
    }
    Checked checked = Checked.of(settings);
    assertThat(checked.right()).as(checked.toString()).isTrue();
    assertThat(checked.on("readers")).allMatch(line -> line.startsWith("ok "));
    assertThat(checked.on("writing")).allMatch(line -> line.startsWith("ok "));
    assertThat(checked.on("row security")).allMatch(line -> line.startsWith("ok "));
    assertReadsNothingElse(shape);
  }

  @ParameterizedTest
  @EnumSource
  void theViewMayComeBeforeTheRoleAndFromASuperuser(Shape shape) throws SQLException {
    createTables(shape);
    postgres.execute(TestDatabase.read("/database/views/" + shape.file));
    makeRole();
    assertThat(postgres.query("SELECT viewowner FROM pg_views WHERE schemaname = 'telemetry'"))
        .containsExactly(List.of("platform"));
    assertThat(Checked.of(settings("telemetry.deployments")).right()).isTrue();
    assertReadsNothingElse(shape);
  }

  @ParameterizedTest
  @EnumSource
  void psqlRunsTheFilesAsTheyAre(Shape shape) {
    InstalledProgram psql = InstalledProgram.orSkip("psql");
    createTables(shape);
    // A managed server gives nobody a superuser: this owner can do little more than make roles.
    postgres.execute("ALTER ROLE platform CREATEROLE");
    String role = "exporter_" + postgres.name();
    try {
      String url = "postgresql://platform@127.0.0.1:" + postgres.port() + "/" + postgres.name();
      String files =
          (TestDatabase.read("/database/views/" + shape.file)
                  + TestDatabase.read("/database/exporter-role.sql")
                  + TestDatabase.read("/database/views/" + shape.file)
                  + TestDatabase.read("/database/exporter-role.sql"))
              .replace("deployment_exporter", role);
      String output =
          psql.runOn(files, url, "-qX", "-v", "ON_ERROR_STOP=1", "-v", "password=tiger");
      assertThat(output).doesNotContain("ERROR");
      assertThat(
              Checked.of(
                      postgres.settings(
                          "DATABASE_USER", role, "DEPLOYMENTS_TABLE", "telemetry.deployments"))
                  .right())
          .isTrue();
    } finally {
      postgres.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
      postgres.execute("ALTER ROLE platform NOCREATEROLE");
    }
  }

  private void assertReadsNothingElse(Shape shape) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(postgres.url(), "deployment_exporter", "tiger");
        Statement statement = connection.createStatement()) {
      for (String table : shape.baseTables()) {
        assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM " + table))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("permission denied");
      }
      assertThatThrownBy(() -> statement.execute("DELETE FROM telemetry.deployments"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(
            postgres.query(
                """
                SELECT role FROM unnest(ARRAY['anon', 'authenticated', 'service_role']) AS role
                WHERE has_schema_privilege(role, 'telemetry', 'USAGE')
                   OR has_table_privilege(role, 'telemetry.deployments', 'SELECT')
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheViewTheSkeletonWorksOnceItIsFilledIn(Shape shape) {
    createTables(shape);
    makeRole();
    Checked before = Checked.of(settings(shape.table));
    assertThat(before.right()).isFalse();
    before.assertOn("columns").startsWith("fail ").contains(shape.table + " has no ");
    String skeleton = before.fixes("columns");
    assertThatThrownBy(() -> postgres.execute(skeleton)).hasRootCauseInstanceOf(SQLException.class);

    String filled = skeleton;
    for (Map.Entry<String, String> blank : shape.blanks().entrySet()) {
      assertThat(filled).as("blanks").contains(blank.getKey());
      filled = filled.replace(blank.getKey(), blank.getValue());
    }
    asOwner(filled);
    String networks =
        String.join(
            ",",
            postgres
                .query(
                    "SELECT DISTINCT lower(network) FROM telemetry.deployments"
                        + " WHERE network <> '' ORDER BY 1")
                .stream()
                .map(row -> row.get(0))
                .toList());
    Settings settings = settings("telemetry.deployments", "NETWORKS", networks);
    try (RunningExporter exporter = RunningExporter.ready(settings)) {
      SqlFigures.assertSame(postgres, exporter.metrics(), shape.rowsBySkeleton);
    }
    Checked after = Checked.of(settings);
    after.assertOn("columns").startsWith("ok ");
    after.assertOn("reading").startsWith("ok ");
    after.assertOn("readers").startsWith("ok ");
    after.assertOn("row security").startsWith("ok ");
  }
}
