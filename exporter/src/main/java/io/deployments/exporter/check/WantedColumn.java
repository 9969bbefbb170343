package io.deployments.exporter.check;

import io.deployments.exporter.database.ColumnFacts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The five columns that the exporter reads. */
enum WantedColumn {
  PROJECT_ID("project"),
  NETWORK("network|^chain(_?name)?$|blockchain"),
  TEMPLATE("template"),
  STATUS("status|outcome|state$|^result$"),
  CREATED_AT("created|deployed|inserted|started|submitted|occurred|^(at|ts|time|timestamp|date)$");

  /** What a column of this kind is called where it has another name. */
  private final Pattern likelyName;

  WantedColumn(String likelyName) {
    this.likelyName = Pattern.compile(likelyName, Pattern.CASE_INSENSITIVE);
  }

  /** The name that the exporter reads. */
  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> sqlNames() {
    return Arrays.stream(values()).map(WantedColumn::sqlName).toList();
  }

  Optional<ColumnFacts> in(List<ColumnFacts> columns) {
    return columns.stream().filter(column -> column.name().equals(sqlName())).findFirst();
  }

  /** A column of another name that may be meant. */
  Optional<ColumnFacts> likelyIn(List<ColumnFacts> columns) {
    return columns.stream()
        .filter(column -> likelyName.matcher(column.name()).find() && judge(column) == Verdict.OK)
        .findFirst();
  }

  /** Whether the type of a column serves. */
  Verdict judge(ColumnFacts column) {
    String category = column.category();
    return switch (this) {
      case CREATED_AT ->
          column.baseType().startsWith("timestamp")
              ? Verdict.OK
              : column.baseType().equals("date") ? Verdict.WARN : Verdict.FAIL;
      case PROJECT_ID ->
          "SEN".contains(category) || column.baseType().equals("uuid") ? Verdict.OK : Verdict.FAIL;
      case NETWORK, TEMPLATE, STATUS ->
          "SE".contains(category)
              ? Verdict.OK
              : "NB".contains(category) || column.baseType().equals("uuid")
                  ? Verdict.WARN
                  : Verdict.FAIL;
    };
  }

  /** What type would serve. */
  String types() {
    return switch (this) {
      case CREATED_AT -> "timestamptz, or timestamp in UTC";
      case PROJECT_ID -> "uuid, a number or text";
      case NETWORK, TEMPLATE, STATUS -> "text, varchar or an enum";
    };
  }
}
