package io.deployments.exporter.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces come back whole and in order, from a file as from memory. */
class SpoolTest {

  private static final int SERIES = 10;
  private static final int PIECES = 2000;

  @TempDir private Path folder;

  private static byte[] piece(int series, int number) {
    return (series + ":" + number + ";").repeat(5).getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsAppendedIsReadTwiceOverToo(boolean inMemory) throws IOException {
    try (Spool spool = new Spool(inMemory ? Optional.empty() : Optional.of(folder), 1 << 24)) {
      for (int round = 0; round < 2; round++) {
        long[] last = new long[SERIES];
        StringBuilder[] expected = new StringBuilder[SERIES];
        for (int series = 0; series < SERIES; series++) {
          last[series] = Spool.NOWHERE;
          expected[series] = new StringBuilder();
        }
        for (int number = 0; number < PIECES; number++) {
          for (int series = 0; series < SERIES; series++) {
            byte[] piece = piece(series, number);
            last[series] = spool.append(last[series], piece, piece.length);
            expected[series].append(new String(piece, StandardCharsets.UTF_8));
          }
        }
        assertThat(spool.size()).isGreaterThan(1 << 19);
        for (int series = 0; series < SERIES; series++) {
          assertThat(new String(spool.read(last[series]), StandardCharsets.UTF_8))
              .isEqualTo(expected[series].toString());
        }
        spool.clear();
        assertThat(spool.size()).isZero();
      }
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void memoryThatIsFullSaysWhatToDo() throws IOException {
    try (Spool spool = new Spool(Optional.empty(), 1 << 19)) {
      byte[] piece = new byte[1000];
      assertThatThrownBy(
              () -> {
                for (int number = 0; number < 1000; number++) {
                  spool.append(Spool.NOWHERE, piece, piece.length);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("make the temporary folder writable")
          .hasMessageContaining("more memory");
      assertThat(spool.size()).isGreaterThan(1 << 18).isLessThan(1 << 19);
    }
  }
}
