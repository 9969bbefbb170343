package io.deployments.exporter.database;

import io.deployments.exporter.settings.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement from a file that {@code psql} runs as it is: {@code :'name'} is a value, which is
 * bound, and {@code :table} the deployments table, which is inserted as a quoted identifier.
 *
 * @param name the file's name without its ending
 * @param text the statement for JDBC
 * @param parameters the names of the bound values, one for each question mark
 */
record NamedSql(String name, String text, List<String> parameters) {

  private static final Pattern VALUE = Pattern.compile(":'([a-z_]+)'");

  /** Reads {@code sql/<name>.sql} from the class path. */
  static NamedSql load(String name, TableName table) {
    try (InputStream file = NamedSql.class.getResourceAsStream("/sql/" + name + ".sql")) {
      if (file == null) {
        throw new IllegalArgumentException("There is no sql/" + name + ".sql");
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return parse(name, text, table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The statement that has the server plan this one, and so take its locks, and not run it. */
  NamedSql explained() {
    return new NamedSql(name, "EXPLAIN " + text, parameters);
  }

  private static NamedSql parse(String name, String text, TableName table) {
    // Comments go first: the header shows the psql line, with the parameters in it.
    String code = Pattern.compile("^--.*\\R", Pattern.MULTILINE).matcher(text).replaceAll("");
    List<String> parameters = new ArrayList<>();
    Matcher values = VALUE.matcher(code);
    while (values.find()) {
      parameters.add(values.group(1));
    }
    String bound = VALUE.matcher(code).replaceAll("?").replaceAll(";\\s*$", "");
    return new NamedSql(
        name,
        bound.replaceAll(":table\\b", Matcher.quoteReplacement(table.quoted())).strip(),
        List.copyOf(parameters));
  }
}
