package io.deployments.exporter.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.jdbc.SslMode;

class ServerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "db.example.invalid, PREFER, false, true",
    "192.0.2.7, ALLOW, false, true",
    "192.0.2.7, DISABLE, false, false",
    "192.0.2.7, PREFER, true, false",
    "192.0.2.7, VERIFY_FULL, false, false",
    "127.0.0.1, DISABLE, false, false",
    "localhost, PREFER, false, false",
    "::1, PREFER, false, false",
  })
  void plainTextIsWarnedAboutWhereItLeavesTheMachineUnlessItIsAskedFor(
      String host, SslMode mode, boolean encrypted, boolean warned) {
    assertThat(new ServerAddress(host, 5432, 0, mode).plainTextWarning(encrypted).isPresent())
        .isEqualTo(warned);
  }
}
