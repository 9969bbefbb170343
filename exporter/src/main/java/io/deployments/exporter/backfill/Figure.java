package io.deployments.exporter.backfill;

/** What the 64 bits of a series' values mean. */
enum Figure {
  /** A whole number. */
  COUNT {
    @Override
    String text(long bits) {
      return Long.toString(bits);
    }
  },
  /** The bits of a double. */
  RATIO {
    @Override
    String text(long bits) {
      return Double.toString(Double.longBitsToDouble(bits));
    }
  },
  /** Microseconds, published as seconds. */
  TIME {
    @Override
    String text(long bits) {
      long micros = Math.floorMod(bits, 1_000_000L);
      long seconds = Math.floorDiv(bits, 1_000_000L);
      return micros == 0
          ? Long.toString(seconds)
          : seconds + "." + Long.toString(1_000_000 + micros).substring(1);
    }
  };

  /** The value as OpenMetrics writes it. */
  abstract String text(long bits);
}
