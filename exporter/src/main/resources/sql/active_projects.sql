-- Distinct projects of some networks in each window.
--
-- table     the deployments table or view
-- moment    the upper bound of every window
-- windows   the start of each window, largest window first, at most eight; a missing one counts 0
-- networks  those that are counted
--
-- A project counts in a window when its newest deployment does, so one pass serves all windows.
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-10-02T00:00:00Z,2026-10-25T00:00:00Z,2026-10-31T00:00:00Z,2026-10-31T23:00:00Z}' -v networks='{metis,hyperion}' -f active_projects.sql
SELECT network,
       count(*) AS count_1,
       count(*) FILTER (WHERE newest >= (CAST(:'windows' AS timestamptz[]))[2]) AS count_2,
       count(*) FILTER (WHERE newest >= (CAST(:'windows' AS timestamptz[]))[3]) AS count_3,
       count(*) FILTER (WHERE newest >= (CAST(:'windows' AS timestamptz[]))[4]) AS count_4,
       count(*) FILTER (WHERE newest >= (CAST(:'windows' AS timestamptz[]))[5]) AS count_5,
       count(*) FILTER (WHERE newest >= (CAST(:'windows' AS timestamptz[]))[6]) AS count_6,
       count(*) FILTER (WHERE newest >= (CAST(:'windows' AS timestamptz[]))[7]) AS count_7,
       count(*) FILTER (WHERE newest >= (CAST(:'windows' AS timestamptz[]))[8]) AS count_8
FROM (SELECT coalesce(nullif(CAST(network AS text), ''), 'unknown') AS network,
             project_id,
             max(created_at) AS newest
      FROM :table
      WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[1]
        AND created_at <= CAST(:'moment' AS timestamptz)
        AND project_id IS NOT NULL
        AND coalesce(nullif(CAST(network AS text), ''), 'unknown') = ANY (CAST(:'networks' AS text[]))
      GROUP BY 1, 2) AS projects
GROUP BY network;
