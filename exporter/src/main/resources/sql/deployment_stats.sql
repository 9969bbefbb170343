-- Deployments and distinct projects of each network in one window, of no more networks than have series.
--
-- table     the deployments table or view
-- moment    the upper bound of the window
-- windows   its start, as an array of one
-- networks  those that always have series
--
-- Kept are the same as in deployments.sql. There are no distinct projects of the rest, so it has no row: nor
-- has a network that is called 'other' like it, if there is a rest.
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-09-17T00:00:00Z}' -v networks='{metis,hyperion}' -f deployment_stats.sql
WITH stats AS (
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
  GROUP BY network
), kept_networks AS (
  SELECT unnest(CAST(:'networks' AS text[])) AS network
  UNION ALL
  (SELECT network
   FROM stats
   WHERE network <> ALL (CAST(:'networks' AS text[]) || CAST('other' AS text)) AND char_length(network) <= 1000
   ORDER BY total DESC, network COLLATE "C"
   LIMIT greatest(0, 20 - cardinality(CAST(:'networks' AS text[]))))
)
SELECT network, total, successful, failed, projects
FROM stats
WHERE network IN (SELECT network FROM kept_networks)
   OR (network = 'other'
       AND NOT EXISTS (SELECT FROM stats AS rest
                       WHERE rest.network <> 'other' AND rest.network NOT IN (SELECT network FROM kept_networks)));
