package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** Errors of the driver's own, which no server gives. */
class SqlErrorsTest {

  @Test
  void tooLittleMemoryForTheRowsIsNoDatabaseThatIsDown() {
    DatabaseException failure =
        new SqlErrors(TestDatabase.settingsFor("postgresql://127.0.0.1/x").database())
            .reading(
                new PSQLException(
                    "Ran out of memory retrieving query results.",
                    PSQLState.OUT_OF_MEMORY,
                    new OutOfMemoryError("Java heap space")),
                "deployments");
    assertThat(failure.reason()).isEqualTo(FailureReason.DATA);
    assertThat(failure.serverAnswered()).isTrue();
    assertThat(failure).hasMessageContaining("53200").hasMessageContaining("memory holds");
  }
}
