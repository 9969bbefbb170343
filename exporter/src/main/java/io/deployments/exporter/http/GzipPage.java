package io.deployments.exporter.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * A gzip file (RFC 1952) of two parts, the first of which was compressed before: one member, as not
 * every client reads a second one.
 */
final class GzipPage {

  /** Magic number, deflate, no flags, no time, no hints, system unknown. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final int BUFFER = 8_192;

  private GzipPage() {}

  /**
   * Compresses a text so that another can follow: raw deflate blocks (RFC 1951) that end at a byte
   * and don't say that they are the last.
   */
  static byte[] beginning(byte[] text) {
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      DeflaterOutputStream stream = new DeflaterOutputStream(blocks, deflater, true);
      stream.write(text);
      stream.flush();
      return blocks.toByteArray();
    } catch (IOException e) {
      // Memory doesn't fail so.
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
  }

  /**
   * The whole file. Its second part stands in it as it is: compressed, it would be 9 kB smaller,
   * for this one time, and a scrape would take a quarter longer.
   */
  static byte[] of(RenderedFamilies first, byte[] second, byte[] ending) throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream(BUFFER);
    page.writeBytes(HEADER);
    page.writeBytes(first.deflated());
    Deflater deflater = new Deflater(Deflater.NO_COMPRESSION, true);
    try (DeflaterOutputStream stream = new DeflaterOutputStream(page, deflater, BUFFER)) {
      stream.write(second);
      stream.write(ending);
    } finally {
      deflater.end();
    }
    CRC32 checksum = new CRC32();
    checksum.update(first.text());
    checksum.update(second);
    checksum.update(ending);
    addLittleEndian(page, checksum.getValue());
    addLittleEndian(page, (long) first.text().length + second.length + ending.length);
    return page.toByteArray();
  }

  private static void addLittleEndian(ByteArrayOutputStream page, long number) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      page.write((int) (number >>> shift));
    }
  }
}
