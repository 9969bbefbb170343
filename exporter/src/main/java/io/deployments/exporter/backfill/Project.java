package io.deployments.exporter.backfill;

/**
 * A project with rows in the largest window.
 *
 * @param name as the column says
 * @param number stands for the name where it is compared
 */
record Project(String name, int number) {}
