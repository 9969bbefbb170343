-- Deployments and distinct projects of each network in one window.
--
-- table    the deployments table or view
-- moment   the upper bound of the window
-- windows  its start, as an array of one
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-09-17T00:00:00Z}' -f deployment_stats.sql
SELECT network,
       CAST(sum(total) AS bigint) AS total,
       CAST(sum(successful) AS bigint) AS successful,
       CAST(sum(failed) AS bigint) AS failed,
       count(project_id) AS projects
FROM (SELECT coalesce(nullif(CAST(network AS text), ''), 'unknown') AS network,
             project_id,
             count(*) AS total,
             count(*) FILTER (WHERE CAST(status AS text) = 'success') AS successful,
             count(*) FILTER (WHERE CAST(status AS text) = 'failed') AS failed
      FROM :table
      WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[1]
        AND created_at <= CAST(:'moment' AS timestamptz)
      GROUP BY 1, 2) AS projects
GROUP BY network;
