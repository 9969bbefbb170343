-- Deployments by network, template and status in each window, and the newest of each.
--
-- table    the deployments table or view
-- moment   the upper bound of every window
-- windows  the start of each window, largest window first, at most eight; a missing one counts 0
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-10-02T00:00:00Z,2026-10-25T00:00:00Z,2026-10-31T00:00:00Z,2026-10-31T23:00:00Z}' -f deployments.sql
SELECT CAST(network AS text) AS network,
       CAST(template AS text) AS template,
       CAST(status AS text) AS status,
       count(*) AS count_1,
       count(*) FILTER (WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[2]) AS count_2,
       count(*) FILTER (WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[3]) AS count_3,
       count(*) FILTER (WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[4]) AS count_4,
       count(*) FILTER (WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[5]) AS count_5,
       count(*) FILTER (WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[6]) AS count_6,
       count(*) FILTER (WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[7]) AS count_7,
       count(*) FILTER (WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[8]) AS count_8,
       CAST(max(created_at) AS timestamptz) AS last_created
FROM :table
WHERE created_at >= (CAST(:'windows' AS timestamptz[]))[1]
  AND created_at <= CAST(:'moment' AS timestamptz)
GROUP BY CAST(network AS text), CAST(template AS text), CAST(status AS text);
