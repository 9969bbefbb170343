package io.deployments.exporter.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployments.exporter.database.QueryRun;
import io.deployments.exporter.settings.RefreshSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What durations mean for the settings. */
class QueryFindingsTest {

  private static List<String> lines(double seconds, double share) {
    return lines(seconds, Duration.ofSeconds(60), share);
  }

  private static List<String> lines(double seconds, Duration timeout, double share) {
    RefreshSettings settings =
        new RefreshSettings(Duration.ofSeconds(30), timeout, Duration.ofMinutes(5), share);
    Duration half = Duration.ofMillis((long) (seconds * 500));
    return QueryFindings.together(
            List.of(new QueryRun("a", half, 1), new QueryRun("b", half, 1)), settings)
        .stream()
        .flatMap(finding -> finding.lines().stream())
        .map(line -> line.replaceAll(" +", " "))
        .toList();
  }

  @Test
  void quickQueriesAreRight() {
    assertThat(lines(0.3, 0.1))
        .containsExactly(
            "ok refresh every 30 s, 300 ms of statements each: 1 % of the time,"
                + " MAX_DATABASE_SHARE allows 10 %");
  }

  @Test
  void slowOnesAreSpacedOut() {
    assertThat(lines(12, 0.1))
        .containsExactly(
            "warn refresh every 120 s and not every 30 s: all queries take 12 s, and"
                + " MAX_DATABASE_SHARE is 0.1");
  }

  @Test
  void thoseNearTheTimeoutAreNamed() {
    assertThat(lines(40, 1))
        .contains(
            "warn refresh all queries take 40 s, more than half of REFRESH_TIMEOUT (60 s)",
            " REFRESH_TIMEOUT=120s");
  }

  @Test
  void thoseBeyondItMakeFiguresMissing() {
    assertThat(lines(70, 1))
        .contains(
            "fail refresh all queries take 70 s, longer than REFRESH_TIMEOUT (60 s)",
            " REFRESH_TIMEOUT=210s");
  }

  /** Of whole seconds, and never less than there is already. */
  @Test
  void theAdviceForAShortTimeoutIsALongerOne() {
    assertThat(lines(0.25, Duration.ofMillis(200), 1)).contains(" REFRESH_TIMEOUT=1s");
    assertThat(lines(0.6, Duration.ofSeconds(1), 1)).contains(" REFRESH_TIMEOUT=2s");
  }
}
