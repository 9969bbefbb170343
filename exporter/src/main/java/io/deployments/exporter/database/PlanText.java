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
          "\\s*(?:->\\s+)?(?:Seq|Index|Index Only|Bitmap Heap|Foreign|Tid Range) Scan"
              + "(?: Backward)?(?: using ("
              + IDENTIFIER
              + "))? on ("
              + IDENTIFIER
              + "\\."
              + IDENTIFIER
              + ")(?: ("
              + IDENTIFIER
              + "))?");

  /** It stands below the scan of its table. */
  private static final Pattern BITMAP =
      Pattern.compile("\\s*->\\s+Bitmap Index Scan on (" + IDENTIFIER + ")");

  private static final Pattern CONDITION = Pattern.compile("\\s*(Index Cond|Filter): (.*)");

  private PlanText() {}

  /**
   * The scans of a plan.
   *
   * @param bound how the plan writes the window's lower bound, without the quotes
   */
  static List<TableScan> scans(List<String> lines, String bound) {
    List<TableScan> result = new ArrayList<>();
    String alias = "";
    @Nullable String index = null;
    for (String line : lines) {
      Matcher scan = SCAN.matcher(line);
      Matcher bitmap = BITMAP.matcher(line);
      Matcher condition = CONDITION.matcher(line);
      if (scan.matches()) {
        index = scan.group(1);
        String table = scan.group(2);
        alias =
            scan.group(3) != null
                ? scan.group(3)
                : table.replaceFirst("^" + IDENTIFIER + "\\.", "");
        result.add(new TableScan(table, Optional.empty(), Optional.empty()));
      } else if (bitmap.matches()) {
        index = bitmap.group(1);
      } else if (!result.isEmpty() && condition.matches() && condition.group(2).contains(bound)) {
        boolean indexed = condition.group(1).equals("Index Cond");
        result.set(
            result.size() - 1,
            new TableScan(
                result.get(result.size() - 1).table(),
                indexed ? Optional.ofNullable(index) : Optional.empty(),
                Optional.of(compared(condition.group(2), bound, alias))));
      }
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
