package io.deployments.exporter.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the tables and their conditions out of what {@code EXPLAIN (VERBOSE)} prints. */
final class PlanText {

  private static final String IDENTIFIER = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\".]+)";

  private static final Pattern SCAN =
      Pattern.compile(
          "\\s*(?:->\\s+)?(?:Seq|Index|Index Only|Bitmap Heap|Foreign|Tid Range) Scan.*? on ("
              + IDENTIFIER
              + "\\."
              + IDENTIFIER
              + ")(?: ("
              + IDENTIFIER
              + "))?");

  private static final Pattern CONDITION =
      Pattern.compile("\\s*(Index Cond|Recheck Cond|Filter): (.*)");

  private PlanText() {}

  /**
   * The scans of a plan.
   *
   * @param bound how the plan writes the window's lower bound, without the quotes
   */
  static List<TableScan> scans(List<String> lines, String bound) {
    List<TableScan> result = new ArrayList<>();
    @Nullable String table = null;
    String alias = "";
    boolean indexed = false;
    Optional<String> filter = Optional.empty();
    for (String line : lines) {
      Matcher scan = SCAN.matcher(line);
      Matcher condition = CONDITION.matcher(line);
      if (scan.matches()) {
        if (table != null) {
          result.add(new TableScan(table, indexed, filter));
        }
        table = scan.group(1);
        alias =
            scan.group(2) != null
                ? scan.group(2)
                : table.replaceFirst("^" + IDENTIFIER + "\\.", "");
        indexed = false;
        filter = Optional.empty();
      } else if (table != null && condition.matches() && condition.group(2).contains(bound)) {
        if (condition.group(1).equals("Filter")) {
          filter = Optional.of(compared(condition.group(2), bound, alias));
        } else {
          // A bitmap scan names the table first and its index on a line further down.
          indexed = true;
        }
      }
    }
    if (table != null) {
      result.add(new TableScan(table, indexed, filter));
    }
    return result;
  }

  /** The expression on the left of the bound, from the parenthesis that opens its comparison. */
  private static String compared(String condition, String bound, String alias) {
    int end = condition.indexOf(" >= '" + bound);
    if (end < 0) {
      return "created_at";
    }
    int start = end;
    for (int depth = 0; start > 0; start--) {
      char c = condition.charAt(start - 1);
      depth += c == ')' ? 1 : c == '(' ? -1 : 0;
      if (depth < 0) {
        break;
      }
    }
    return condition
        .substring(start, end)
        .replaceAll("(?<![\\w\"])" + Pattern.quote(alias + "."), "");
  }
}
