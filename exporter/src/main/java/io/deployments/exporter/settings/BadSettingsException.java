package io.deployments.exporter.settings;

import java.util.List;

/** Settings that can't be used; says everything that is wrong with them at once. */
public final class BadSettingsException extends Exception {

  private static final long serialVersionUID = 1L;

  /** One line for each wrong setting: its name, its value, what is allowed. */
  BadSettingsException(List<String> problems) {
    super(String.join("\n", problems));
  }

  /** One line for each wrong setting. */
  public List<String> problems() {
    return getMessage().lines().toList();
  }
}
