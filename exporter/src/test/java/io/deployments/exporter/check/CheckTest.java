package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to the table, its columns and the rights on it, in good and in bad state. */
@Tag("postgres")
class CheckTest {

  private TestDatabase postgres;

  @BeforeEach
  void create() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute(TestDatabase.read("/shapes/roles.sql"));
    postgres.execute(
        TestDatabase.read("/database/exporter-role.sql").replace(":'password'", "'tiger'"));
    postgres.execute(
        """
        INSERT INTO deployments (project_id, network, template, status) VALUES
          ('p', 'metis', 'erc20', 'success'), ('p', 'hyperion', 'erc20', 'failed'),
          ('q', 'hyperion', 'dao', 'pending')
        """);
  }

  @AfterEach
  void drop() {
    postgres.execute("ALTER ROLE deployment_exporter NOBYPASSRLS");
    postgres.close();
  }

  private Checked check(String... more) {
    return Checked.asExporter(postgres, more);
  }

  @Test
  void allIsWellWhereAllIsWell() {
    Checked checked = check("MAX_DATABASE_SHARE", "1", "REFRESH_INTERVAL", "30s");
    assertThat(checked.right()).isTrue();
    assertThat(checked.lines())
        .as(checked.toString())
        .endsWith("", "All is well. Next: serve, with the same settings.")
        .allMatch(
            line -> line.startsWith("ok ") || line.isEmpty() || line.startsWith("All is well."))
        .noneMatch(line -> line.contains("tiger"));
    checked.assertOn("connection").startsWith("ok deployment_exporter at 127.0.0.1:");
    checked.assertOn("pooler").startsWith("ok none");
    checked.assertOn("encryption").startsWith("ok ");
    checked
        .assertOn("server")
        .isEqualTo(
            "ok PostgreSQL %s, a primary"
                .formatted(System.getProperty("postgres.version").replaceFirst("\\.0$", "")));
    checked.assertOn("table").isEqualTo("ok public.deployments, a table owned by postgres");
    checked.assertOn("columns").startsWith("ok project_id text, network text,");
    checked.assertOn("reading").startsWith("ok ");
    checked.assertOn("writing").startsWith("ok ");
    checked.assertOn("row security").startsWith("ok ");
    checked.assertOn("index").startsWith("ok public.deployments: an index finds");
    checked.assertOn("rows").startsWith("ok the newest is of 20");
    checked.assertOn("values").startsWith("ok none missing in the 3 rows");
    checked.assertOn("networks").isEqualTo("ok 'hyperion' (2), 'metis' (1)");
    checked.assertOn("statuses").startsWith("ok ").contains("'failed' (1)", "'pending' (1)");
    checked.assertOn("folding").startsWith("ok ");
    checked.assertOn("refresh").startsWith("ok every 30 s");
    assertThat(checked.on("query")).hasSize(2).allMatch(line -> line.startsWith("ok "));
  }

  @Test
  void itLeavesNothingBehind() {
    String state = "SELECT count(*), max(created_at) FROM deployments";
    var before = postgres.query(state);
    check();
    assertThat(postgres.query(state)).isEqualTo(before);
  }

  @Test
  void withoutAServerThereIsOneLine() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Checked checked = check("DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + free + "/x");
    assertThat(checked.right()).isFalse();
    checked.assertOn("connection").startsWith("fail ").contains("host and port in DATABASE_URL");
    assertThat(checked.lines()).hasSize(3).noneMatch(line -> line.contains("tiger"));
  }

  @Test
  void aTableElsewhereIsFound() {
    postgres.execute("CREATE SCHEMA raw; ALTER TABLE deployments SET SCHEMA raw");
    Checked checked = check();
    assertThat(checked.right()).isFalse();
    checked.assertOn("table").startsWith("fail ").contains("deployments");
    assertThat(checked.fixes("table")).startsWith("DEPLOYMENTS_TABLE='raw.deployments'");
  }

  @Test
  void noTableAtAllIsSaid() {
    postgres.execute("DROP TABLE deployments");
    Checked checked = check("DEPLOYMENTS_TABLE", "no.such");
    checked.assertOn("table").startsWith("fail there is no \"no\".\"such\"");
    assertThat(checked.fixes("table")).contains("database/schema.sql");
  }

  @Test
  void aMissingColumnGivesASkeletonWithOneBlank() {
    postgres.execute("ALTER TABLE deployments RENAME template TO kind");
    Checked before = check();
    assertThat(before.right()).isFalse();
    before
        .assertOn("columns")
        .isEqualTo("fail public.deployments has no template; a view can give it the five columns");
    String skeleton = before.fixes("columns");
    assertThat(skeleton).containsOnlyOnce("<<template>>").doesNotContain("<<success>>");
    postgres.execute(skeleton.replace("<<template>>", "deployments.kind"));
    Checked after = check("DEPLOYMENTS_TABLE", "telemetry.deployments");
    assertThat(after.right()).as(after.toString()).isTrue();
    after.assertOn("columns").startsWith("ok ");
  }

  @Test
  void aViewOfTheUsualNameIsLeftAsItIs() {
    postgres.execute(
        """
        CREATE SCHEMA telemetry;
        CREATE VIEW telemetry.deployments AS
          SELECT project_id, network, template AS kind, status, created_at FROM deployments;
        GRANT USAGE ON SCHEMA telemetry TO deployment_exporter;
        GRANT SELECT ON telemetry.deployments TO deployment_exporter;
        """);
    Checked before = check("DEPLOYMENTS_TABLE", "telemetry.deployments");
    postgres.execute(before.fixes("columns").replace("<<template>>", "deployments.kind"));
    assertThat(before.fixes("columns"))
        .endsWith("DEPLOYMENTS_TABLE=telemetry.deployment_figures and run check again.\n");
    assertThat(check("DEPLOYMENTS_TABLE", "telemetry.deployment_figures").right()).isTrue();
  }

  @Test
  void namesThatNeedQuotesAreQuotedInTheSkeleton() {
    postgres.execute(
        """
        CREATE SCHEMA "My Schema";
        CREATE TABLE "My Schema"."Log?" (
          "Order" uuid, "Project" text, network text, "the template" text, status text,
          created_at timestamptz);
        """);
    Checked before = check("DEPLOYMENTS_TABLE", "My Schema.Log?");
    String skeleton = before.fixes("columns");
    postgres.execute(
        skeleton
            .replace("<<project_id>>", "\"Log?\".\"Project\"")
            .replace("<<success>>", "'success'")
            .replace("<<failed>>", "'failed'"));
    check("DEPLOYMENTS_TABLE", "telemetry.deployments").assertOn("columns").startsWith("ok ");
  }

  @ParameterizedTest
  @CsvSource({
    "network,    integer, USING 1,     warn, 'network is integer and should be text'",
    "status,     boolean, USING true,  warn, 'status is boolean and should be text'",
    "status,     jsonb,   USING NULL,  fail, 'status is jsonb and should be text'",
    "project_id, json,    USING NULL,  fail, 'project_id is json and should be uuid'",
    "created_at, date,    USING now(), warn, 'created_at is date and should be timestamptz'",
    "created_at, text,    '',          fail, 'created_at is text and should be timestamptz'",
  })
  void anOddTypeIsNamed(String column, String type, String using, String word, String message) {
    postgres.execute("ALTER TABLE deployments ALTER created_at DROP DEFAULT");
    postgres.execute("ALTER TABLE deployments ALTER %s TYPE %s %s".formatted(column, type, using));
    check().assertOn("columns").startsWith(word).contains(message);
  }

  @Test
  void aMissingPrivilegeIsGivenByTheStatement() {
    postgres.execute(
        """
        CREATE SCHEMA raw; ALTER TABLE deployments SET SCHEMA raw;
        REVOKE ALL ON raw.deployments FROM deployment_exporter
        """);
    Checked before = check("DEPLOYMENTS_TABLE", "raw.deployments");
    assertThat(before.right()).isFalse();
    before.assertOn("reading").startsWith("fail deployment_exporter may not read");
    before.paste(postgres, "reading");
    check("DEPLOYMENTS_TABLE", "raw.deployments").assertOn("reading").startsWith("ok ");
  }

  @Test
  void aViewWhoseOwnerMayNotReadIsMended() {
    postgres.execute(
        """
        CREATE SCHEMA telemetry;
        CREATE VIEW telemetry.deployments AS SELECT * FROM deployments;
        ALTER VIEW telemetry.deployments OWNER TO platform;
        GRANT USAGE ON SCHEMA telemetry TO deployment_exporter;
        GRANT SELECT ON telemetry.deployments TO deployment_exporter;
        """);
    Checked before = check("DEPLOYMENTS_TABLE", "telemetry.deployments");
    before.assertOn("reading").startsWith("fail ").contains("as platform, who may not");
    before.paste(postgres, "reading");
    check("DEPLOYMENTS_TABLE", "telemetry.deployments").assertOn("reading").startsWith("ok ");
  }

  @Test
  void aViewThatReadsAsItsReaderIsMended() {
    postgres.orSkipBefore(15, "views with security_invoker");
    postgres.execute(
        """
        REVOKE ALL ON deployments FROM deployment_exporter;
        CREATE SCHEMA telemetry;
        CREATE VIEW telemetry.deployments WITH (security_invoker) AS SELECT * FROM deployments;
        GRANT USAGE ON SCHEMA telemetry TO deployment_exporter;
        GRANT SELECT ON telemetry.deployments TO deployment_exporter;
        """);
    Checked before = check("DEPLOYMENTS_TABLE", "telemetry.deployments");
    before.assertOn("reading").startsWith("fail ").contains("because of security_invoker");
    before.paste(postgres, "reading");
    check("DEPLOYMENTS_TABLE", "telemetry.deployments").assertOn("reading").startsWith("ok ");
  }

  @Test
  void rightsToWriteAreTakenAwayByTheStatements() {
    postgres.execute(
        """
        GRANT INSERT, TRUNCATE ON deployments TO deployment_exporter;
        GRANT DELETE ON deployments TO PUBLIC;
        GRANT UPDATE (status) ON deployments TO deployment_exporter;
        GRANT CREATE ON SCHEMA public TO PUBLIC;
        ALTER ROLE deployment_exporter BYPASSRLS;
        """);
    Checked before = check();
    assertThat(before.right()).as("no figure is wrong for that").isTrue();
    before
        .assertOn("writing")
        .startsWith("warn ")
        .contains("INSERT on", "TRUNCATE on", "DELETE on", "UPDATE on", "CREATE on SCHEMA public")
        .contains("BYPASSRLS");
    before.paste(postgres, "writing");
    check().assertOn("writing").isEqualTo("ok deployment_exporter may not write");
  }

  @Test
  void anOwnerAndASuperuserMayDoAnything() {
    Checked.of(postgres.settings("DATABASE_USER", "postgres"))
        .assertOn("writing")
        .isEqualTo("warn postgres is a superuser and may do anything");
    postgres.execute("ALTER TABLE deployments OWNER TO platform");
    Checked.of(postgres.settings("DATABASE_USER", "platform"))
        .assertOn("writing")
        .startsWith("warn platform owns public.deployments");
  }

  @Test
  void othersWhoCanReadTheViewAreNamed() {
    postgres.execute(
        """
        CREATE SCHEMA telemetry;
        CREATE VIEW telemetry.deployments AS SELECT * FROM deployments;
        GRANT USAGE ON SCHEMA telemetry TO deployment_exporter;
        GRANT SELECT ON telemetry.deployments TO deployment_exporter, anon, PUBLIC;
        """);
    check("DEPLOYMENTS_TABLE", "telemetry.deployments")
        .assertOn("readers")
        .as("they can't use the schema")
        .startsWith("ok ");
    postgres.execute("GRANT USAGE ON SCHEMA telemetry TO PUBLIC");
    Checked before = check("DEPLOYMENTS_TABLE", "telemetry.deployments");
    assertThat(before.right()).isTrue();
    before.assertOn("readers").startsWith("warn ").contains("PUBLIC, anon");
    before.paste(postgres, "readers");
    check("DEPLOYMENTS_TABLE", "telemetry.deployments").assertOn("readers").startsWith("ok ");
  }

  @Test
  void aPartitionMayBeNamed() {
    postgres.execute(
        """
        DROP TABLE deployments;
        CREATE TABLE deployments (
          project_id uuid, network text, template text, status text, created_at timestamptz)
          PARTITION BY RANGE (created_at);
        CREATE TABLE recent PARTITION OF deployments DEFAULT;
        GRANT SELECT ON recent TO deployment_exporter;
        """);
    Checked checked = check("DEPLOYMENTS_TABLE", "recent");
    assertThat(checked.right()).as(checked.toString()).isTrue();
    checked.assertOn("table").startsWith("ok public.recent, a table");
  }

  @Test
  void whatTheTableHoldsFillsTheSkeletonAsFarAsItCan() {
    postgres.execute(
        """
        CREATE TABLE log (
          id int, "projectId" text, "Network" text, "templateName" text, "Status" text,
          "createdAt" timestamptz(3));
        INSERT INTO log VALUES
          (1, 'p', 'hyperion_testnet', 'dao', 'success', now()),
          (2, 'p', 'Metis Andromeda', 'dao', 'failed', now()),
          (3, 'q', 'mantle', 'dao', 'pending', now());
        GRANT SELECT ON log TO deployment_exporter;
        """);
    Checked before = check("DEPLOYMENTS_TABLE", "log");
    assertThat(before.right()).isFalse();
    assertThat(before.fixes("columns"))
        .contains("WHEN 'Metis Andromeda' THEN 'metis'", "WHEN 'hyperion_testnet' THEN 'hyperion'")
        .doesNotContain("<<project_id>>", "<<network>>", "<<status>>", "<<created_at>>");
    postgres.execute(before.fixes("columns"));
    Checked after = check("DEPLOYMENTS_TABLE", "telemetry.deployments");
    assertThat(after.right()).as(after.toString()).isTrue();
    after.assertOn("networks").startsWith("warn not in NETWORKS: 'mantle' (1)");
  }
}
