package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.ServerFacts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about ways to a server that no test can build on one machine. */
class ConnectionFindingsTest {

  private static String lines(
      boolean local,
      int version,
      boolean standby,
      boolean pooled,
      @Nullable String protocol,
      String sslMode) {
    ServerFacts facts =
        new ServerFacts(
            "db.example.com",
            5432,
            local,
            "telemetry",
            "deployment_exporter",
            List.of(),
            version / 10_000 + ".1",
            version,
            false,
            false,
            standby,
            pooled,
            Optional.ofNullable(protocol),
            !sslMode.equals("prefer"),
            sslMode.startsWith("verify"));
    return ConnectionFindings.of(facts).stream()
        .flatMap(finding -> finding.lines().stream())
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "true,  false, ,        prefer,      ok    encryption    none needed on this machine",
    "false, false, ,        prefer,      warn  encryption    none: password and rows cross",
    "false, false, TLSv1.3, prefer,      ok    encryption    TLSv1.3; sslmode=verify-full would",
    "false, false, TLSv1.3, verify-full, ok    encryption    TLSv1.3",
    "false, true,  TLSv1.3, prefer,      warn  encryption    not demanded: whether the way to the",
    "false, true,  TLSv1.3, require,     ok    encryption    'to the pooler, as sslmode demands;'",
    "false, true,  ,        verify-full, ok    encryption    'to the pooler, as sslmode demands'",
  })
  void encryption(
      boolean local, boolean pooled, @Nullable String protocol, String sslMode, String line) {
    assertThat(lines(local, 150_001, false, pooled, protocol, sslMode))
        .contains(line.replace("'", ""));
  }

  @Test
  void aPlainTextConnectionComesWithTheSettingThatMendsIt() {
    assertThat(lines(false, 150_001, false, false, null, "prefer"))
        .contains("DATABASE_URL=...?sslmode=verify-full&sslrootcert=");
  }

  @Test
  void aStandbyIsNamedBecauseStatementsFailThere() {
    assertThat(lines(true, 150_001, true, false, null, "prefer"))
        .contains("ok    server        PostgreSQL 15.1, a standby: run the statements");
  }

  @Test
  void anOldServerIsNamed() {
    assertThat(lines(true, 110_001, false, false, null, "prefer"))
        .contains("warn  server        PostgreSQL 11.1")
        .contains("made for 12 and newer");
  }
}
