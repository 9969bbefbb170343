package io.deployments.exporter.snapshot;

import java.util.List;
import java.util.TreeSet;

/**
 * What a snapshot covers.
 *
 * @param networks the configured networks, which have series even without rows
 * @param windows shortest first, no two of one length
 * @param maxTemplates how many template values get series of their own
 */
public record Scope(List<String> networks, List<Window> windows, int maxTemplates) {

  /** How many networks, and how many statuses, get series of their own. */
  public static final int MAX_VALUES = 20;

  /** The most that {@code maxTemplates} may be, so that a page stays one that can be read. */
  public static final int MOST_TEMPLATES = 10_000;

  /**
   * Copies the lists and puts the windows in order.
   *
   * @throws IllegalArgumentException if there is no window, or more than {@link Window#AT_MOST}, or
   *     two of one length
   */
  public Scope {
    networks = List.copyOf(new TreeSet<>(networks));
    windows = windows.stream().sorted().toList();
    if (windows.isEmpty()
        || windows.size() > Window.AT_MOST
        || windows.stream().map(Window::length).distinct().count() < windows.size()) {
      throw new IllegalArgumentException(
          "1 to " + Window.AT_MOST + " windows of different lengths, not " + windows);
    }
  }

  /** The window that bounds what is read at all. */
  public Window largestWindow() {
    return windows.get(windows.size() - 1);
  }
}
