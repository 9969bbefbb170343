package io.deployments.exporter.database;

import io.deployments.exporter.settings.TableName;

/** The statements, read once. */
record AggregateSql(
    NamedSql deployments,
    NamedSql projects,
    NamedSql activeProjects,
    NamedSql activeProjectsAnyNetwork,
    NamedSql templateProjects,
    NamedSql deploymentStats) {

  AggregateSql(TableName table) {
    this(
        NamedSql.load("deployments", table),
        NamedSql.load("projects", table),
        NamedSql.load("active_projects", table),
        NamedSql.load("active_projects_any_network", table),
        NamedSql.load("template_projects", table),
        NamedSql.load("deployment_stats", table));
  }
}
