package io.deployments.exporter.http;

import io.deployments.exporter.settings.web.BadWebConfigException;
import io.deployments.exporter.settings.web.PasswordHash;
import io.deployments.exporter.settings.web.WebConfig;
import io.deployments.exporter.settings.web.WebConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in, as the web configuration file says now. While it is broken or missing the last
 * good users stay.
 */
final class CurrentUsers {

  private static final Logger log = LoggerFactory.getLogger(CurrentUsers.class);

  /** What tells one content of a file from the next; a link counts as what it leads to. */
  private record Version(FileTime modified, long size, @Nullable Object file) {
    static Optional<Version> of(Path path) {
      try {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        return Optional.of(new Version(found.lastModifiedTime(), found.size(), found.fileKey()));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  private final Path file;

  private record Known(Optional<Version> version, Map<String, PasswordHash> users) {}

  private volatile Known known;

  CurrentUsers(WebConfig config) {
    file = config.file();
    // Without a version: the file may have changed since it was read.
    known = new Known(Optional.empty(), config.users());
  }

  /** The password hash of each user; empty if no password is asked for. */
  Map<String, PasswordHash> get() {
    Optional<Version> now = Version.of(file);
    return now.isEmpty() || now.equals(known.version()) ? known.users() : reread(now);
  }

  private synchronized Map<String, PasswordHash> reread(Optional<Version> now) {
    Map<String, PasswordHash> before = known.users();
    if (now.equals(known.version())) {
      return before;
    }
    Map<String, PasswordHash> users = before;
    try {
      users = WebConfigReader.readUsers(file);
      if (users.isEmpty() && !before.isEmpty()) {
        // Half a file, just being written, must not open the door.
        log.error("{} has no basic_auth_users any more; the old ones stay until a restart", file);
        users = before;
      } else if (!users.equals(before)) {
        log.info("{} has changed; its basic_auth_users are in use", file);
      }
    } catch (BadWebConfigException e) {
      log.error("{} can't be used any more, its users stay: {}", file, e.getMessage());
    }
    known = new Known(now, users);
    return users;
  }
}
