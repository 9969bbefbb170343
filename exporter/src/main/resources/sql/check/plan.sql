-- How the rows of the largest window are found.
--
-- table   the deployments table or view
-- start   the lower bound of the window
-- moment  its upper bound
--
-- psql -v table=deployments -v start=2026-10-02T00:00:00Z -v moment=2026-11-01T00:00:00Z -f plan.sql
EXPLAIN (VERBOSE, COSTS OFF)
SELECT network, template, status, project_id, created_at
FROM :table
WHERE created_at >= CAST(:'start' AS timestamptz)
  AND created_at <= CAST(:'moment' AS timestamptz);
