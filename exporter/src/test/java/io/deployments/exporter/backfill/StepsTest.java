package io.deployments.exporter.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StepsTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static Steps between(String from, String to) {
    return Steps.between(Instant.parse(from), Instant.parse(to), Duration.ofMinutes(5));
  }

  @Test
  void bothBoundsAreIncluded() {
    Steps steps = between("2026-01-01T12:00:00Z", "2026-01-01T12:10:00Z");
    assertThat(steps.moment(0)).isEqualTo(NOON);
    assertThat(steps.last()).isEqualTo("2026-01-01T12:10:00Z");
    assertThat(steps.count()).isEqualTo(3);
  }

  @Test
  void momentsAreMultiplesOfTheStepWithinTheBounds() {
    Steps steps = between("2026-01-01T11:55:00.000001Z", "2026-01-01T12:04:59.999999Z");
    assertThat(steps.moment(0)).isEqualTo(NOON);
    assertThat(steps.count()).isEqualTo(1);
  }

  @Test
  void betweenTwoMultiplesThereIsNone() {
    assertThat(between("2026-01-01T12:00:01Z", "2026-01-01T12:04:59Z").count()).isZero();
  }

  @Test
  void lastPartIsWhatIsLeft() {
    Steps steps = between("2026-01-01T12:00:00Z", "2026-01-01T12:10:00Z");
    assertThat(steps.part(2, 2)).isEqualTo(new Steps(NOON.getEpochSecond() + 600, 300, 1));
  }
}
