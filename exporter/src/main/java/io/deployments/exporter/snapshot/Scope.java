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

  /** How many combinations of network, template and status are published, zeros included. */
  public static final int MOST_COMBINATIONS = 10_000;

  /** The most that {@code maxTemplates} may be: more never have series. */
  public static final int MOST_TEMPLATES = MOST_COMBINATIONS;

  /** The most networks that may be configured: all of them are always published. */
  public static final int MOST_NETWORKS = 100;

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

  /**
   * How many templates get series of their own, so that there are no more combinations than {@link
   * #MOST_COMBINATIONS}.
   *
   * @param templates how many there are
   * @param combinations of the networks and statuses that are published
   */
  public int templatesKept(int templates, int combinations) {
    int room = MOST_COMBINATIONS / combinations;
    // What is folded is one more template, `other`.
    return templates <= room ? maxTemplates : Math.min(maxTemplates, Math.max(0, room - 1));
  }

  /** The window that bounds what is read at all. */
  public Window largestWindow() {
    return windows.get(windows.size() - 1);
  }
}
