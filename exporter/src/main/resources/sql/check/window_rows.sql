-- The rows of the largest window, and in how many of them a column is NULL or empty.
--
-- table   the deployments table or view
-- start   the lower bound of the window
-- moment  its upper bound
--
-- psql -v table=deployments -v start=2026-10-02T00:00:00Z -v moment=2026-11-01T00:00:00Z -f window_rows.sql
SELECT count(*) AS rows,
       count(*) FILTER (WHERE project_id IS NULL) AS project_id,
       count(*) FILTER (WHERE coalesce(CAST(network AS text), '') = '') AS network,
       count(*) FILTER (WHERE coalesce(CAST(template AS text), '') = '') AS template,
       count(*) FILTER (WHERE coalesce(CAST(status AS text), '') = '') AS status
FROM :table
WHERE created_at >= CAST(:'start' AS timestamptz)
  AND created_at <= CAST(:'moment' AS timestamptz);
