package io.deployments.exporter.http;

import io.deployments.exporter.settings.web.PasswordHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies passwords, and keeps what that costs in bounds.
 *
 * <p>bcrypt takes a good part of a second on purpose. Right credentials are remembered, so a
 * scraper pays once; one verification runs at a time, few wait for it, and of one client fewer, so
 * that guessing neither takes the processor nor, from one address, keeps others from logging in.
 */
final class PasswordCheck {

  /** What became of a check. */
  enum Verdict {
    RIGHT,
    WRONG,
    /** Not verified: too many others wait. */
    BUSY
  }

  private static final int REMEMBERED = 256;
  private static final int WAITING = 12;
  private static final int WAITING_PER_CLIENT = 6;

  private final byte[] processKey = new byte[32];
  private final Semaphore verifying = new Semaphore(1, true);
  private final Semaphore waiting = new Semaphore(WAITING);
  private final Map<String, Integer> waitingByClient = new ConcurrentHashMap<>();

  /**
   * Right credentials, each as a keyed digest of user, hash and password: no password can be read
   * from it, and a changed hash makes another digest.
   */
  private final Set<ByteBuffer> right =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  PasswordCheck() {
    new SecureRandom().nextBytes(processKey);
  }

  /**
   * Tells whether a password is right.
   *
   * @param client the address of who asks
   * @param users the password hash of each user, at least one
   */
  Verdict check(String client, String user, byte[] password, Map<String, PasswordHash> users)
      throws InterruptedException {
    boolean known = users.containsKey(user);
    PasswordHash hash = known ? users.get(user) : someHash(user, users);
    ByteBuffer credentials = digest(user, hash.text(), password);
    if (known && right.contains(credentials)) {
      return Verdict.RIGHT;
    }
    try {
      // First of all its own: a client that has too many takes no place from others.
      if (waitingByClient.merge(client, 1, Integer::sum) > WAITING_PER_CLIENT
          || !waiting.tryAcquire()) {
        return Verdict.BUSY;
      }
      try {
        return verify(credentials, hash, password, known);
      } finally {
        waiting.release();
      }
    } finally {
      waitingByClient.computeIfPresent(client, (any, count) -> count > 1 ? count - 1 : null);
    }
  }

  private Verdict verify(ByteBuffer credentials, PasswordHash hash, byte[] password, boolean known)
      throws InterruptedException {
    verifying.acquire();
    try {
      // Several requests of one client wait for the same answer.
      if (known && right.contains(credentials)) {
        return Verdict.RIGHT;
      }
      if (hash.matches(password) && known) {
        right.add(credentials);
        return Verdict.RIGHT;
      }
      return Verdict.WRONG;
    } finally {
      verifying.release();
    }
  }

  /**
   * A hash for a name that no user has: refusing it takes as long as refusing a user, and always as
   * long as refusing the same one, whatever costs the users' hashes have.
   */
  private PasswordHash someHash(String user, Map<String, PasswordHash> users) {
    int number = Math.floorMod(digest(user, "", new byte[0]).getInt(0), users.size());
    return List.copyOf(users.values()).get(number);
  }

  private ByteBuffer digest(String user, String hash, byte[] password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(processKey, "HmacSHA256"));
      for (byte[] part :
          List.of(
              user.getBytes(StandardCharsets.UTF_8),
              hash.getBytes(StandardCharsets.UTF_8),
              password)) {
        // With the lengths, no two credentials run together into the same bytes.
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
        mac.update(part);
      }
      return ByteBuffer.wrap(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HmacSHA256", e);
    }
  }
}
