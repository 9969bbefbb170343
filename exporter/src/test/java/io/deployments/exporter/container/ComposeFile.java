package io.deployments.exporter.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code docker-compose.yml}, with its defaults for variables and with merged keys in place. */
record ComposeFile(Map<?, ?> content) {

  static final Path ROOT = Path.of("..");
  static final Path FILE = ROOT.resolve("docker-compose.yml");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+:-([^}]*)}");

  static ComposeFile read() {
    try {
      String text = VARIABLE.matcher(Files.readString(FILE)).replaceAll("$1");
      Object content = new Load(LoadSettings.builder().build()).loadFromString(text);
      return new ComposeFile((Map<?, ?>) merged(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** YAML 1.2 has no {@code <<}; Compose has. */
  private static Object merged(Object node) {
    if (node instanceof List<?> list) {
      return list.stream().map(ComposeFile::merged).toList();
    }
    if (!(node instanceof Map<?, ?> map)) {
      return node;
    }
    Map<Object, Object> result = new LinkedHashMap<>();
    if (map.get("<<") instanceof Map<?, ?> inherited) {
      result.putAll((Map<?, ?>) merged(inherited));
    }
    map.forEach(
        (key, value) -> {
          if (!"<<".equals(key)) {
            result.put(key, merged(value));
          }
        });
    return result;
  }

  List<Service> services() {
    return section("services").entrySet().stream()
        .map(entry -> new Service((String) entry.getKey(), (Map<?, ?>) entry.getValue()))
        .toList();
  }

  Service service(String name) {
    return services().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  Map<?, ?> section(String name) {
    return content.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  /**
   * A service.
   *
   * @param fields its keys, in the long or short form that the file has
   */
  record Service(String name, Map<?, ?> fields) {

    private static final Pattern MOUNT = Pattern.compile("([^:]+):([^:]+)(:ro)?");

    String text(String key) {
      return String.valueOf(fields.get(key));
    }

    List<String> list(String key) {
      return fields.get(key) instanceof List<?> list
          ? list.stream().map(String::valueOf).toList()
          : List.of();
    }

    Map<?, ?> map(String key) {
      return fields.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    List<Mount> mounts() {
      return list("volumes").stream()
          .map(
              text -> {
                Matcher mount = MOUNT.matcher(text);
                if (!mount.matches()) {
                  throw new AssertionError(text);
                }
                return new Mount(mount.group(1), mount.group(2), mount.group(3) != null);
              })
          .toList();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A file or folder of the repository, or a named volume, in a container. */
  record Mount(String source, String target, boolean readOnly) {
    boolean isVolume() {
      return !source.startsWith(".");
    }
  }
}
