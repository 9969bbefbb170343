package io.deployments.exporter.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LastRowsTest {

  @Test
  void doesWhatAMapDoes() {
    long seed = new Random().nextLong();
    System.out.println("LastRowsTest: seed " + seed);
    Random random = new Random(seed);
    LastRows rows = new LastRows();
    Map<List<Integer>, Long> map = new HashMap<>();
    for (long row = 0; row < 200_000; row++) {
      // Grows for a while and shrinks again, so that there are long runs with holes to fill.
      int projects = row < 100_000 ? 3_000 : 300;
      Project project = new Project("p", random.nextInt(projects));
      ProjectGroup group = new ProjectGroup(random.nextInt(5), 1);
      List<Integer> key = List.of(project.number(), group.number());
      if (map.containsKey(key) && random.nextInt(2) == 0) {
        rows.remove(project, group);
        map.remove(key);
      } else {
        Long before = map.put(key, row);
        assertThat(rows.put(project, group, row))
            .isEqualTo(before == null ? LastRows.NONE : before);
      }
    }
    map.forEach(
        (key, row) ->
            assertThat(rows.put(new Project("p", key.get(0)), new ProjectGroup(key.get(1), 1), 0))
                .isEqualTo(row));
  }

  @Test
  void whatIsNotThereIsAnError() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new LastRows().remove(new Project("p", 1), new ProjectGroup(2, 1)));
  }
}
