package io.deployments.exporter.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A page of metrics as delimited protocol buffers, read by other code than wrote it: the few fields
 * of {@code io.prometheus.client.MetricFamily} that gauges and counters have.
 */
public final class ProtobufExposition {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private ProtobufExposition() {}

  /**
   * The value of each gauge and counter.
   *
   * @throws IllegalArgumentException if the page is malformed, or a series stands there twice
   */
  public static Map<Exposition.Series, Double> parse(byte[] page) {
    Map<Exposition.Series, Double> samples = new HashMap<>();
    ByteBuffer bytes = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      family(part(bytes), samples);
    }
    return samples;
  }

  private static void family(ByteBuffer family, Map<Exposition.Series, Double> samples) {
    String[] name = {""};
    fields(
        family,
        (field, value) -> {
          if (field == 1) {
            name[0] = text(value);
          } else if (field == 4) {
            metric(name[0], value, samples);
          }
        });
  }

  private static void metric(
      String name, ByteBuffer metric, Map<Exposition.Series, Double> samples) {
    Map<String, String> labels = new TreeMap<>();
    double[] number = {Double.NaN};
    boolean[] isSimple = {false};
    fields(
        metric,
        (field, value) -> {
          if (field == 1) {
            label(value, labels);
          } else if (field == 2 || field == 3) {
            // A gauge or a counter: a message whose first field is the value, 0 if left out.
            number[0] = 0;
            isSimple[0] = true;
            fields(value, (inner, bits) -> number[0] = inner == 1 ? bits.getDouble() : number[0]);
          }
        });
    if (isSimple[0] && samples.put(new Exposition.Series(name, labels), number[0]) != null) {
      throw new IllegalArgumentException("Twice: " + name + labels);
    }
  }

  private static void label(ByteBuffer label, Map<String, String> labels) {
    String[] pair = {"", ""};
    fields(label, (field, value) -> pair[field - 1] = text(value));
    labels.put(pair[0], pair[1]);
  }

  /** Gives each field's number and bytes. */
  private static void fields(ByteBuffer message, BiConsumer<Integer, ByteBuffer> reader) {
    while (message.hasRemaining()) {
      long tag = varint(message);
      ByteBuffer value =
          switch ((int) (tag & 7)) {
            case VARINT -> ByteBuffer.allocate(8).putLong(0, varint(message));
            case FIXED64 -> slice(message, 8);
            case LENGTH -> part(message);
            case FIXED32 -> slice(message, 4);
            default -> throw new IllegalArgumentException("No wire type: " + tag);
          };
      reader.accept((int) (tag >>> 3), value.order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  private static ByteBuffer part(ByteBuffer bytes) {
    return slice(bytes, varint(bytes));
  }

  private static ByteBuffer slice(ByteBuffer bytes, long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException("Longer than the page: " + length);
    }
    ByteBuffer result = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return result;
  }

  private static long varint(ByteBuffer bytes) {
    long result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes.get();
      result |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return result;
      }
    }
    throw new IllegalArgumentException("No end of a number");
  }

  private static String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
