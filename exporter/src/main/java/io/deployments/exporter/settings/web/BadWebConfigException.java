package io.deployments.exporter.settings.web;

import java.util.List;

/** A web configuration file that can't be used; says everything that is wrong with it at once. */
public final class BadWebConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  /** One text for each problem, each but an unreadable file's with its line. */
  BadWebConfigException(List<String> problems) {
    super(String.join("\n", problems));
  }

  /** One text for each problem: its line in the file, what is wrong, what is allowed. */
  public List<String> problems() {
    return getMessage().lines().toList();
  }
}
