package io.deployments.exporter.settings;

import java.io.IOException;

/** A password as it was given, or in a file that may get another one while the exporter runs. */
public sealed interface Password permits Secret, PasswordFile {

  /**
   * What it is now.
   *
   * @throws IOException that says what can't be read
   */
  Secret current() throws IOException;
}
