package io.deployments.exporter.settings;

import java.util.Arrays;
import java.util.List;

/** The environment variables that the exporter reads, for tests of files that set them. */
public final class SettingNames {

  private SettingNames() {}

  /** All there are. */
  public static List<String> all() {
    return Arrays.stream(Setting.values()).map(Setting::name).toList();
  }
}
