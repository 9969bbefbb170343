-- Every deployment with a time, oldest first: what `backfill` slides its windows over.
--
-- table    the deployments table or view
-- start    the earliest created_at
-- moment   the latest created_at
--
-- The time is a whole number of microseconds since 1970, as exact as the column. A value of more than 1,000
-- characters has no series of its own, so that its first 1,001 say all of it that is needed; a project of more
-- is told from others by its hash.
--
-- PGTZ=UTC psql -v table=deployments -v start=2026-10-02T00:00:00Z -v moment=2026-11-01T00:00:00Z -f history.sql
SELECT CAST(extract(epoch FROM CAST(created_at AS timestamptz)) * 1000000 AS bigint) AS created_at_micros,
       left(CAST(network AS text), 1001) AS network,
       left(CAST(template AS text), 1001) AS template,
       left(CAST(status AS text), 1001) AS status,
       CASE WHEN char_length(CAST(project_id AS text)) > 1000 THEN md5(CAST(project_id AS text))
            ELSE CAST(project_id AS text) END AS project_id
FROM :table
WHERE created_at >= CAST(:'start' AS timestamptz)
  AND created_at <= CAST(:'moment' AS timestamptz)
ORDER BY created_at;
