-- Every deployment with a time, oldest first: what `backfill` slides its windows over.
--
-- table    the deployments table or view
-- start    the earliest created_at
-- moment   the latest created_at
--
-- The time is a whole number of microseconds since 1970, as exact as the column.
--
-- PGTZ=UTC psql -v table=deployments -v start=2026-10-02T00:00:00Z -v moment=2026-11-01T00:00:00Z -f history.sql
SELECT CAST(extract(epoch FROM CAST(created_at AS timestamptz)) * 1000000 AS bigint) AS created_at_micros,
       CAST(network AS text) AS network,
       CAST(template AS text) AS template,
       CAST(status AS text) AS status,
       CAST(project_id AS text) AS project_id
FROM :table
WHERE created_at >= CAST(:'start' AS timestamptz)
  AND created_at <= CAST(:'moment' AS timestamptz)
ORDER BY created_at;
