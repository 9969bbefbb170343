package io.deployments.exporter.settings;

import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/** The settings as options of a command. */
public final class SettingOptions {

  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);

  /** Adds an option for each setting that may be a flag. */
  public void addTo(CommandSpec command) {
    for (Setting setting : Setting.values()) {
      if (setting.hasFlag()) {
        String defaultValue = setting.defaultValue();
        String suffix =
            defaultValue == null || defaultValue.isEmpty() ? "" : " (" + defaultValue + ")";
        command.addOption(
            OptionSpec.builder(setting.flag())
                .paramLabel(setting.flag().endsWith("-file") ? "FILE" : "VALUE")
                .type(String.class)
                .description(setting.description() + suffix)
                .setter(
                    new ISetter() {
                      @Override
                      @SuppressWarnings("unchecked")
                      public <T> T set(T value) {
                        return value == null ? value : (T) flags.put(setting, (String) value);
                      }
                    })
                .build());
      }
    }
  }

  /**
   * The settings that flags and environment give together.
   *
   * @throws BadSettingsException with a line for each setting that is wrong
   */
  public Settings read(Map<String, String> environment) throws BadSettingsException {
    return new SettingsReader(flags, environment).read();
  }
}
