package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deployments.exporter.testing.PgBouncer;
import io.deployments.exporter.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PgBouncer in transaction mode between {@code check} and the database. */
@Tag("postgres")
class PoolerTest {

  @TempDir private Path folder;

  @Test
  void aPoolerIsNoticedAndIsNoFault() throws IOException {
    assumeTrue(PgBouncer.isInstalled(), "pgbouncer is not installed");
    try (TestDatabase postgres = TestDatabase.create().run("schema.sql")) {
      postgres.execute(
          "INSERT INTO deployments VALUES ('p', 'metis', 't', 'success'),"
              + " ('p', 'hyperion', 't', 'failed')");
      try (PgBouncer pooler = PgBouncer.start(postgres, folder)) {
        Checked checked =
            Checked.of(postgres.settings("DATABASE_URL", pooler.url(postgres.name())));
        assertThat(checked.right()).as(checked.toString()).isTrue();
        checked.assertOn("pooler").startsWith("ok there is one");
        checked.assertOn("server").startsWith("ok PostgreSQL ");
        assertThat(checked.on("query")).hasSize(2);
      }
    }
  }
}
