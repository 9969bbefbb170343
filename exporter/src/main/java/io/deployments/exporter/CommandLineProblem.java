package io.deployments.exporter;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line. The parser's own messages repeat what they don't understand;
 * these have names of options and nothing else, because any other part may be a password.
 */
final class CommandLineProblem {

  /** As much of an argument as can be a name; behind one dash there is a single letter. */
  private static final Pattern NAME = Pattern.compile("--[A-Za-z][A-Za-z0-9_-]*|-[A-Za-z]");

  private CommandLineProblem() {}

  /** A sentence without its full stop. */
  static String of(ParameterException problem, List<String> arguments) {
    if (problem instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, arguments);
    }
    if (problem instanceof MissingParameterException missing) {
      return "The option " + name(missing.getMissing().get(0)) + " needs a value";
    }
    if (problem instanceof OverwrittenOptionException twice) {
      return "The option " + name(twice.getOverwritten()) + " is given more than once";
    }
    return problem.getArgSpec() == null
        ? "These arguments can't be understood"
        : "The option " + name(problem.getArgSpec()) + " takes no value";
  }

  /** The first alone: the next may be its value. */
  private static String unmatched(UnmatchedArgumentException problem, List<String> arguments) {
    String first = problem.getUnmatched().get(0);
    Matcher name = NAME.matcher(first);
    String what =
        name.lookingAt()
            ? "There is no option " + name.group()
            : "Argument %d is neither a command nor part of an option (it may be secret, so it is not shown)"
                .formatted(arguments.indexOf(first) + 1);
    List<String> similar = problem.getSuggestions();
    return similar.isEmpty() ? what : what + "; similar: " + String.join(", ", similar);
  }

  private static String name(ArgSpec option) {
    return ((OptionSpec) option).longestName();
  }
}
