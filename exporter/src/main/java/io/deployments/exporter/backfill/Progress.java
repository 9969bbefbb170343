package io.deployments.exporter.backfill;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/** Says how far it is: a bar on a terminal, elsewhere a line for every tenth. */
final class Progress {

  private static final int WIDTH = 40;
  private static final int LINES = 10;

  private final PrintStream err;
  private final boolean terminal;
  private String phase = "";
  private int shown = -1;

  Progress(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether a person watches. */
  @SuppressWarnings("SystemConsoleNull") // It is null before JDK 22, which is handled.
  static boolean onTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // Since JDK 22 there is a console even where there is no terminal.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** So much of the time that the history covers has been read, from 0 to 1. */
  void reading(double share) {
    show("Reading", share);
  }

  /** So much of the file has been written, from 0 to 1. */
  void writing(double share) {
    show("Writing", share);
  }

  private void show(String newPhase, double share) {
    int steps = terminal ? 100 : LINES;
    int now = (int) (share * steps);
    if (!newPhase.equals(phase)) {
      end();
      phase = newPhase;
      shown = 0;
    }
    if (now <= shown) {
      return;
    }
    shown = now;
    if (terminal) {
      int filled = (int) (share * WIDTH);
      String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
      err.printf(Locale.ROOT, "\r%s [%s] %3d %%", phase, bar, now);
      err.flush();
    } else {
      err.printf(Locale.ROOT, "%s: %d %%%n", phase, now * 100 / LINES);
    }
  }

  /** Leaves the bar's line, so that the next message gets one of its own. */
  void end() {
    if (terminal && shown > 0) {
      err.println();
    }
    phase = "";
    shown = -1;
  }
}
