package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Row-level security that leaves rows out without an error. */
@Tag("postgres")
class RowSecurityTest {

  private static final String VIEW = "telemetry.deployments";

  private TestDatabase postgres;

  @BeforeEach
  void create() {
    postgres = TestDatabase.create();
    postgres.execute(TestDatabase.read("/shapes/roles.sql"));
    postgres.execute("SET ROLE platform");
    postgres.run("schema.sql");
    postgres.execute(
        """
        INSERT INTO deployments (project_id, network, template, status) VALUES
          ('p', 'metis', 'erc20', 'success'), ('p', 'hyperion', 'erc20', 'failed');
        ALTER TABLE deployments ENABLE ROW LEVEL SECURITY;
        CREATE POLICY service_role_all ON deployments TO service_role USING (true);
        CREATE SCHEMA telemetry;
        CREATE VIEW telemetry.deployments AS SELECT * FROM deployments;
        GRANT USAGE ON SCHEMA telemetry TO deployment_exporter;
        GRANT SELECT ON telemetry.deployments TO deployment_exporter;
        """);
    postgres.execute("RESET ROLE");
  }

  @AfterEach
  void drop() {
    postgres.close();
  }

  private void assertHidden(Checked checked, String... words) {
    assertThat(checked.right()).isFalse();
    checked.assertOn("row security").startsWith("fail ").contains(words);
    checked.assertOn("rows").startsWith("fail none that we may see: row-level security");
  }

  private void assertSeen(String table) {
    Checked checked = Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", table);
    assertThat(checked.right()).as(checked.toString()).isTrue();
    checked.assertOn("row security").startsWith("ok ");
    checked.assertOn("rows").startsWith("ok ");
  }

  @Test
  void aViewOfTheOwnerSeesEverything() {
    assertSeen(VIEW);
  }

  @Test
  void directlyOnTheTable() {
    postgres.execute("GRANT SELECT ON deployments TO deployment_exporter");
    Checked checked = Checked.asExporter(postgres);
    assertHidden(checked, "public.deployments hides rows from deployment_exporter");
    checked.paste(postgres, "row security");
    assertSeen("deployments");
  }

  @Test
  void throughAViewThatReadsAsItsReader() {
    postgres.orSkipBefore(15, "views with security_invoker");
    postgres.execute(
        """
        GRANT SELECT ON deployments TO deployment_exporter;
        ALTER VIEW telemetry.deployments SET (security_invoker = on);
        """);
    Checked checked = Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", VIEW);
    assertHidden(checked, "telemetry.deployments has security_invoker");
    checked.paste(postgres, "row security");
    assertSeen(VIEW);
  }

  @Test
  void forcedOnTheOwnerToo() {
    postgres.execute("ALTER TABLE deployments FORCE ROW LEVEL SECURITY");
    Checked checked = Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", VIEW);
    assertHidden(checked, "FORCE ROW LEVEL SECURITY", "platform");
    checked.paste(postgres, "row security");
    assertSeen(VIEW);
  }

  @Test
  void forcedOnTheOwnerTooButKept() {
    postgres.execute("ALTER TABLE deployments FORCE ROW LEVEL SECURITY");
    String fixes = Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", VIEW).fixes("row security");
    postgres.execute(fixes.substring(fixes.indexOf("CREATE POLICY")));
    assertSeen(VIEW);
  }

  @Test
  void throughAViewOfSomebodyElse() {
    postgres.execute(
        """
        GRANT SELECT ON deployments TO authenticated;
        ALTER VIEW telemetry.deployments OWNER TO authenticated;
        """);
    Checked checked = Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", VIEW);
    assertHidden(checked, "hides rows from authenticated, as whom the view reads it");
    checked.paste(postgres, "row security");
    assertSeen(VIEW);
  }

  @Test
  void someRowsHiddenIsNoBetter() {
    postgres.execute(
        """
        GRANT SELECT ON deployments TO deployment_exporter;
        CREATE POLICY metis_only ON deployments FOR SELECT TO deployment_exporter
          USING (network = 'metis');
        """);
    Checked checked = Checked.asExporter(postgres);
    assertThat(checked.right()).isFalse();
    checked.assertOn("row security").startsWith("fail ");
    checked.assertOn("rows").startsWith("ok ");
  }

  @Test
  void aPolicyThatShowsEverythingIsRight() {
    postgres.execute(
        """
        GRANT SELECT ON deployments TO deployment_exporter;
        CREATE POLICY everything ON deployments FOR SELECT TO PUBLIC USING (true);
        """);
    assertSeen("deployments");
    postgres.execute(
        "CREATE POLICY but ON deployments AS RESTRICTIVE TO PUBLIC USING (network = 'metis')");
    Checked.asExporter(postgres).assertOn("row security").startsWith("fail ");
  }

  @Test
  void itIsSaidEvenWhereColumnsAreMissing() {
    postgres.execute(
        "ALTER TABLE deployments RENAME template TO kind;"
            + " GRANT SELECT ON deployments TO deployment_exporter");
    Checked checked = Checked.asExporter(postgres);
    checked.assertOn("columns").startsWith("fail ");
    checked.assertOn("row security").startsWith("fail ");
    assertThat(checked.fixes("row security"))
        .startsWith("-- The view above is read as its owner, platform")
        .doesNotContain("FORCE");
    postgres.execute("ALTER TABLE deployments FORCE ROW LEVEL SECURITY");
    assertThat(Checked.asExporter(postgres).fixes("row security"))
        .contains("ALTER TABLE public.deployments NO FORCE ROW LEVEL SECURITY;");
  }

  @Test
  void aViewOfTheOwnerOverOneThatReadsAsItsReaderIsNoBetter() {
    postgres.orSkipBefore(15, "views with security_invoker");
    postgres.execute(
        """
        GRANT SELECT ON deployments TO deployment_exporter;
        ALTER VIEW telemetry.deployments SET (security_invoker = on);
        CREATE VIEW telemetry.outer_view AS SELECT * FROM telemetry.deployments;
        ALTER VIEW telemetry.outer_view OWNER TO platform;
        GRANT SELECT ON telemetry.outer_view TO deployment_exporter;
        """);
    Checked checked = Checked.asExporter(postgres, "DEPLOYMENTS_TABLE", "telemetry.outer_view");
    assertHidden(checked, "from deployment_exporter", "telemetry.deployments has security_invoker");
    checked.paste(postgres, "row security");
    assertSeen("telemetry.outer_view");
  }
}
