package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rows hold, and how long it takes to read them. */
@Tag("postgres")
class RowsTest {

  private TestDatabase postgres;

  @BeforeEach
  void create() {
    postgres = TestDatabase.create().run("schema.sql");
    postgres.execute(TestDatabase.read("/shapes/roles.sql"));
    postgres.execute("GRANT SELECT ON deployments TO deployment_exporter");
  }

  @AfterEach
  void drop() {
    postgres.close();
  }

  private void insert(String values) {
    postgres.execute(
        "INSERT INTO deployments (project_id, network, template, status, created_at) VALUES "
            + values);
  }

  private Checked check(String... more) {
    return Checked.asExporter(postgres, more);
  }

  @Test
  void anEmptyTableIsNoFault() {
    Checked checked = check();
    assertThat(checked.right()).isTrue();
    checked.assertOn("rows").startsWith("warn public.deployments has none yet");
    checked.assertOn("statuses").startsWith("ok ");
    checked.assertOn("networks").isEqualTo("ok 'hyperion' (0), 'metis' (0)");
  }

  @Test
  void rowsButNoneInTheWindow() {
    insert("('p', 'metis', 't', 'success', '2026-01-02T03:04:05Z')");
    Checked checked = check();
    assertThat(checked.right()).isTrue();
    checked
        .assertOn("rows")
        .startsWith("warn none in the last 30d")
        .endsWith("the newest is of 2026-01-02T03:04:05Z");
    check("WINDOWS", "3650d").assertOn("rows").startsWith("ok ");
  }

  @Test
  void rowsThatCountNowhere() {
    insert(
        """
        ('p', 'metis', 't', 'success', now()), ('p', 'metis', 't', 'failed', NULL),
        ('p', 'metis', 't', 'failed', NULL), ('p', 'metis', 't', 'success', '2999-12-31T00:00Z'),
        ('p', 'metis', 't', 'success', 'infinity')
        """);
    Checked checked = check();
    assertThat(checked.right()).isFalse();
    checked.assertOn("future").startsWith("fail 2 rows are from the future, up to infinity");
    checked.assertOn("no time").startsWith("fail 2 rows have no created_at");
    assertThat(postgres.query(checked.fixes("future"))).hasSize(2);
    assertThat(postgres.query(checked.fixes("no time"))).hasSize(2);
  }

  @Test
  void rowsFromBeforeAllTimeAreNotTheNewest() {
    insert("('p', 'metis', 't', 'success', '-infinity'), ('p', 'metis', 't', 'failed', NULL)");
    Checked checked = check();
    assertThat(checked.right()).isFalse();
    checked
        .assertOn("rows")
        .isEqualTo("warn public.deployments has none up to now, so every figure is 0");
    checked.assertOn("no time").startsWith("fail 2 rows have no created_at, or -infinity there");
    assertThat(postgres.query(checked.fixes("no time"))).hasSize(2);
    insert("('p', 'metis', 't', 'success', '2026-01-02T03:04:05Z')");
    check().assertOn("rows").endsWith("the newest is of 2026-01-02T03:04:05Z");
  }

  @Test
  void missingValuesAreCounted() {
    insert(
        """
        (NULL, 'metis', 't', 'success', now()), ('p', NULL, 't', 'success', now()),
        ('p', '', 't', 'failed', now()), ('p', 'metis', 't', NULL, now()),
        ('p', 'metis', NULL, 'success', now()), (NULL, NULL, NULL, NULL, '2020-01-01')
        """);
    Checked checked = check();
    assertThat(checked.right()).isTrue();
    assertThat(checked.on("values"))
        .hasSize(4)
        .allMatch(line -> line.startsWith("warn "))
        .anyMatch(line -> line.contains("project_id is NULL in 1 of the 5 rows"))
        .anyMatch(line -> line.contains("network is NULL or empty in 2 of the 5 rows"))
        .anyMatch(line -> line.contains("template is NULL or empty in 1 of the 5 rows"))
        .anyMatch(line -> line.contains("status is NULL or empty in 1 of the 5 rows"));
  }

  @Test
  void aColumnWithoutAnyValueIsAFault() {
    insert("(NULL, 'metis', NULL, 'success', now()), (NULL, 'hyperion', NULL, 'failed', now())");
    Checked checked = check();
    assertThat(checked.right()).isFalse();
    assertThat(checked.on("values"))
        .anyMatch(line -> line.startsWith("fail project_id is NULL in 2 of the 2 rows"))
        .as("many tables have no templates")
        .anyMatch(line -> line.startsWith("warn template is NULL or empty in 2 of the 2 rows"));
  }

  @Test
  void aNetworkThatIsNotConfiguredIsNamed() {
    insert("('p', 'metis', 't', 'success', now()), ('p', 'mantle', 't', 'failed', now())");
    Checked checked = check();
    assertThat(checked.right()).isTrue();
    checked.assertOn("networks").startsWith("warn not in NETWORKS: 'mantle' (1)");
    assertThat(checked.fixes("networks")).isEqualTo("NETWORKS=hyperion,metis,mantle\n");
    check("NETWORKS", "hyperion,metis,mantle").assertOn("networks").startsWith("ok ");
  }

  @Test
  void namesThatLookLikeOneNetworkAreNamed() {
    insert(
        """
        ('p', 'metis', 't', 'success', now()), ('p', 'Metis', 't', 'failed', now()),
        ('p', 'metis_testnet', 't', 'success', now()), ('p', ' metis', 't', 'success', now()),
        ('p', 'Hyperion-Mainnet', 't', 'success', now())
        """);
    Checked checked = check();
    assertThat(checked.right()).as("hyperion is always 0").isFalse();
    assertThat(checked.on("networks"))
        .hasSize(2)
        .anyMatch(
            line ->
                line.startsWith("fail look like one under several names: 'hyperion' (0)")
                    && line.contains("'hyperion' itself is always 0"))
        .anyMatch(
            line ->
                line.startsWith("warn look like one under several names: 'metis' (1)")
                    && line.contains("' metis' (1)"));
    String[] fixes = checked.fixes("networks").split("\n");
    for (String fix : fixes) {
      if (!fix.startsWith("--")) {
        postgres.execute(
            "UPDATE deployments SET network = fixed.network FROM (SELECT ctid AS row, "
                + fix.replaceAll(",$", "")
                + " FROM deployments) AS fixed WHERE deployments.ctid = fixed.row");
      }
    }
    check().assertOn("networks").isEqualTo("ok 'hyperion' (1), 'metis' (4)");
  }

  @Test
  void statusesOfAnotherVocabularyAreAFault() {
    insert(
        """
        ('p', 'metis', 't', 'confirmed', now()), ('p', 'metis', 't', 'confirmed', now()),
        ('p', 'metis', 't', 'Reverted', now()), ('p', 'hyperion', 't', 'pending', now()),
        ('p', 'metis', 't', 'client-deployed', now())
        """);
    Checked checked = check();
    assertThat(checked.right()).isFalse();
    checked
        .assertOn("statuses")
        .startsWith("fail no 'success' and no 'failed' among 'confirmed' (2), ")
        .contains("'Reverted' (1)", "'pending' (1)");
    assertThat(checked.fixes("statuses"))
        .contains(
            "WHEN 'Reverted' THEN 'failed' WHEN 'client-deployed' THEN 'success'"
                + " WHEN 'confirmed' THEN 'success'");
  }

  @Test
  void noneFailedMayBeLuckOrNot() {
    insert("('p', 'metis', 't', 'success', now()), ('p', 'metis', 't', 'pending', now())");
    Checked checked = check();
    assertThat(checked.right()).isTrue();
    checked.assertOn("statuses").startsWith("warn none 'failed' among").contains("can't be known");
  }

  @Test
  void noneSuccessfulIsSaid() {
    insert("('p', 'metis', 't', 'failed', now())");
    check().assertOn("statuses").startsWith("warn none 'success' among 'failed' (1)");
    insert("('p', 'metis', 't', 'done', now())");
    check().assertOn("statuses").startsWith("fail no 'success' among");
  }

  @Test
  void aStatusOfItsOwnIsNamed() {
    insert(
        "('p', 'metis', 't', 'success', now()), ('p', 'metis', 't', 'failed', now()),"
            + " ('p', 'metis', 't', 'cancelled', now())");
    Checked checked = check();
    assertThat(checked.right()).isTrue();
    checked.assertOn("statuses").startsWith("warn ").contains("'cancelled' (1)");
  }

  @Test
  void valuesThatATerminalWouldObeyAreHarmless() {
    insert("('p', E'\\x1b[2Jmetis\\n" + "x".repeat(900) + "', 't', 'success', now())");
    Checked checked = check();
    checked.assertOn("networks").contains("'?[2Jmetis?xxx").contains("...");
    assertThat(checked.lines()).allMatch(line -> line.length() < 400 || !line.contains("xxxxx"));
  }

  @Test
  void foldedTemplatesAreCounted() {
    insert(
        "('p', 'metis', 'a', 'success', now()), ('p', 'metis', 'b', 'failed', now()),"
            + " ('p', 'metis', 'c', 'failed', now())");
    Checked checked = check("MAX_TEMPLATES", "1");
    assertThat(checked.right()).isTrue();
    checked
        .assertOn("folding")
        .startsWith("warn published as 'other': 2 values of template (MAX_TEMPLATES is 1)");
    assertThat(checked.fixes("folding")).isEqualTo("MAX_TEMPLATES=3\n");
    check("MAX_TEMPLATES", "3").assertOn("folding").startsWith("ok ");
  }

  @Test
  void moreTemplatesThanThereMayBeAreCountedWithoutAdvice() {
    postgres.execute(
        "INSERT INTO deployments SELECT 'p', 'metis', 'template-' || i, 'success', now()"
            + " FROM generate_series(1, 10001) AS i");
    Checked checked = check("MAX_TEMPLATES", "10000");
    checked
        .assertOn("folding")
        .startsWith(
            "warn published as 'other': 7502 values of template (there is room for 2500: 2"
                + " networks x templates x 2 statuses are at most 10000)");
    assertThat(checked.fixes("folding")).isEmpty();
  }

  @Test
  void valuesThatAreTooLongOrTooManyAreCountedWithTheReason() {
    postgres.execute(
        "INSERT INTO deployments SELECT 'p', 'net-' || i, repeat('t', 1000 + i % 2), 'success',"
            + " now() FROM generate_series(1, 30) AS i");
    Checked checked = check();
    checked
        .assertOn("folding")
        .startsWith(
            "warn published as 'other': 12 values of network (there are more than 20); 1 values of"
                + " template (longer than 1000 characters)");
    assertThat(checked.fixes("folding")).isEmpty();
  }

  @Test
  void aShareThatSpacesRefreshesOutIsSaid() {
    Checked checked = check("MAX_DATABASE_SHARE", "0.00001", "REFRESH_INTERVAL", "100ms");
    assertThat(checked.right()).isTrue();
    checked.assertOn("refresh").startsWith("warn every ").contains("and not every 100 ms");
  }

  @Test
  void aLockedTableHasLinesOfItsOwnAndTheRestGoesOn() throws SQLException {
    try (Connection other = postgres.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE deployments IN ACCESS EXCLUSIVE MODE");
      Checked checked = check("REFRESH_TIMEOUT", "2s");
      assertThat(checked.right()).isFalse();
      checked.assertOn("columns").startsWith("ok ");
      checked.assertOn("writing").startsWith("ok ");
      checked.assertOn("rows").startsWith("warn ").contains("55P03", "pg_locks");
      checked.assertOn("query").startsWith("fail deployments: ").contains("55P03");
    }
  }

  @Test
  void aSlowViewEndsByItsTimeout() {
    postgres.execute(
        "CREATE VIEW slow AS SELECT deployments.* FROM deployments, pg_sleep(20);"
            + " GRANT SELECT ON slow TO deployment_exporter");
    insert("('p', 'metis', 't', 'success', now())");
    Checked checked = check("REFRESH_TIMEOUT", "2s", "DEPLOYMENTS_TABLE", "slow");
    assertThat(checked.right()).isFalse();
    checked.assertOn("values").startsWith("warn ").contains("57014");
    checked.assertOn("query").startsWith("fail deployments: ").contains("57014");
    checked.assertOn("table").startsWith("ok ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "METIS",
        "metis ",
        "Metis Andromeda",
        "metis-sepolia",
        "metis_testnet",
        "metis.mainnet",
        "MetisTestnet",
        "metis l2",
        "me-tis"
      })
  void aVariantOfAConfiguredNetworkIsNamed(String name) {
    insert("('p', '" + name + "', 't', 'success', now())");
    Checked checked = check();
    assertThat(checked.right()).as("metis is always 0").isFalse();
    checked
        .assertOn("networks")
        .isEqualTo(
            "fail look like one under several names: 'metis' (0), '%s' (1); 'metis' itself is"
                    .formatted(name)
                + " always 0");
  }

  @Test
  void networksThatAreNoVariantsAreTold() {
    insert(
        """
        ('p', 'chain-5000', 't', 'success', now()), ('p', 'chain-5001', 't', 'failed', now()),
        ('p', 'sepolia', 't', 'success', now()), ('p', 'testnet', 't', 'success', now()),
        ('p', 'metisse', 't', 'success', now()), ('p', '!', 't', 'success', now()),
        ('p', '?', 't', 'success', now())
        """);
    check()
        .assertOn("networks")
        .startsWith("warn not in NETWORKS: ")
        .contains("chain-5000", "chain-5001", "sepolia", "testnet", "metisse", "'!'", "'?'");
  }
}
