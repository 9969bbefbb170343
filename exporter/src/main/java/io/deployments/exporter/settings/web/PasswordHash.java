package io.deployments.exporter.settings.web;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.IllegalBCryptFormatException;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.deployments.exporter.settings.Secret;
import java.nio.charset.StandardCharsets;

/**
 * A bcrypt hash.
 *
 * @param text as {@code htpasswd -B} writes it, for example {@code $2y$10$…}
 */
public record PasswordHash(String text) {

  /**
   * A hash of cost 16 takes seconds, and every step doubles that: the first scrape after a start
   * would run into its timeout.
   */
  private static final int HIGHEST_COST = 16;

  /**
   * Reads a hash.
   *
   * @throws IllegalArgumentException that says what is allowed
   */
  static PasswordHash parse(String text) {
    try {
      boolean known = text.startsWith("$2a$") || text.startsWith("$2b$") || text.startsWith("$2y$");
      if (known && parsed(text).cost <= HIGHEST_COST) {
        return new PasswordHash(text);
      }
    } catch (IllegalBCryptFormatException e) {
      // Told below, without the hash.
    }
    throw new IllegalArgumentException(
        "a bcrypt hash with a cost from 4 to "
            + HIGHEST_COST
            + ", as `htpasswd -nBC 10 USER` prints it");
  }

  /**
   * Tells whether this is the hash of a password. Takes a good part of a second on purpose.
   *
   * @param password in UTF-8
   */
  public boolean matches(byte[] password) {
    try {
      BCrypt.HashData hash = parsed(text);
      // What is beyond 72 bytes never counted; refusing it now would lock its owners out.
      return BCrypt.verifyer(hash.version, LongPasswordStrategies.truncate(hash.version))
          .verify(password, hash)
          .verified;
    } catch (IllegalBCryptFormatException e) {
      throw new IllegalStateException("A hash is parsed before there is one of these", e);
    }
  }

  private static BCrypt.HashData parsed(String text) throws IllegalBCryptFormatException {
    // The parser is the same for each version.
    return BCrypt.Version.VERSION_2Y.parser.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The mask. */
  @Override
  public String toString() {
    return Secret.MASK;
  }
}
