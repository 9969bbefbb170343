-- What counts in no window.
--
-- table   the deployments table or view
-- moment  now
--
-- psql -v table=deployments -v moment=2026-11-01T00:00:00Z -f all_rows.sql
SELECT (SELECT CAST(max(created_at) AS timestamptz) FROM :table
        WHERE created_at > '-infinity' AND created_at <= CAST(:'moment' AS timestamptz)) AS newest,
       (SELECT count(*) FROM :table
        WHERE created_at > CAST(:'moment' AS timestamptz)) AS from_future,
       (SELECT CAST(max(created_at) AS text) FROM :table
        WHERE created_at > CAST(:'moment' AS timestamptz)) AS furthest,
       (SELECT count(*) FROM :table WHERE created_at IS NULL OR created_at = '-infinity') AS without_time;
