package io.deployments.exporter.backfill;

/** Distinct projects of what has rows in common: a network, a template on it, or everything. */
final class ProjectGroup {

  private final int number;
  private final long[] projects;
  private int users;

  /**
   * A group without rows.
   *
   * @param number stands for the group where it is compared
   * @param windows how many windows there are
   */
  ProjectGroup(int number, int windows) {
    this.number = number;
    this.projects = new long[windows];
  }

  int number() {
    return number;
  }

  /** Counts the combinations whose rows are in the group; returns how many there are now. */
  int addUser(int difference) {
    users += difference;
    return users;
  }

  void add(int window, int difference) {
    projects[window] += difference;
  }

  long projects(int window) {
    return projects[window];
  }
}
