package io.deployments.exporter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromQlTest {

  @Test
  void namesMetricsAndNothingElse() {
    assertThat(
            PromQl.metrics(
                """
                # deployments_of_a_comment
                sum by (job, network) (
                  max by (job) (deployments_24h{status=~"success|deployments_x", a='}'} offset -1w)
                ) / on (job) group_left (network) (up > bool 0) unless absent(job:up:5m[1h:5m]) or
                topk(3, count without (job) ({__name__="a"} @ end())) + Inf * 0x1F ^ 1e3 ^ time()
                """))
        .containsExactly("deployments_24h", "job:up:5m", "up");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a                          | a",
        "a == 0                     | a",
        "(a > 0.5)                  | a",
        "a > 5 and b                | a  and b",
        "a > 5 or b != 0            | a > 5 or b",
        "(a > 5) == 0               | (a > 5)",
        "max(a > 5)                 | max(a > 5)",
        "a == bool 0                | a == bool 0",
        "a{x!='>'} >= on (b) c * 2  | a{x!='>'}",
        "(a) / (b > 0) < 0.9        | (a) / (b > 0)",
      })
  void takesTheLastComparisonOff(String expression, String without) {
    assertThat(PromQl.withoutLastComparison(expression)).isEqualTo(without);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a and b or c * 0 or d  | a and b",
        "((a or b))             | a",
        "max(a or b)            | max(a or b)",
        "a{x=' or '} > 1        | a{x=' or '} > 1",
      })
  void takesWhatIsSaidInsteadOff(String expression, String first) {
    assertThat(PromQl.firstAlternative(expression)).isEqualTo(first);
  }
}
