-- Deployments by network, template and status in each window, and the newest of each; and how many values
-- of each label share the value 'other', because there are more than have series of their own.
--
-- table     the deployments table or view
-- moment    the upper bound of every window
-- windows   the start of each window, largest window first, at most eight; a missing one counts 0
-- networks  those that are always kept
-- most      how many templates are kept at most
--
-- Kept are the values with most rows in the largest window, of equals the first by name: of networks and
-- statuses 20, of templates so many that no more than 10,000 rows come out. No value of more than 1,000
-- characters is kept, nor is one called 'other', which is what the rest is called. All this happens here, so
-- that few rows leave the database, whatever it holds. What is grouped by plain columns comes first: that is
-- the only scan, and all else is done with its result.
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-10-02T00:00:00Z,2026-10-25T00:00:00Z,2026-10-31T00:00:00Z,2026-10-31T23:00:00Z}' -v networks='{metis,hyperion}' -v most=100 -f deployments.sql
WITH counts AS (
  SELECT coalesce(nullif(CAST(network AS text), ''), 'unknown') AS network,
         coalesce(nullif(CAST(template AS text), ''), 'unknown') AS template,
         coalesce(nullif(CAST(status AS text), ''), 'unknown') AS status,
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
  GROUP BY CAST(network AS text), CAST(template AS text), CAST(status AS text)
), networks AS (
  SELECT network, sum(count_1) AS rows FROM counts GROUP BY network
), templates AS (
  SELECT template, sum(count_1) AS rows FROM counts GROUP BY template
), statuses AS (
  SELECT status, sum(count_1) AS rows FROM counts GROUP BY status
), kept_networks AS (
  SELECT unnest(CAST(:'networks' AS text[])) AS network
  UNION ALL
  (SELECT network
   FROM networks
   WHERE network <> ALL (CAST(:'networks' AS text[]) || CAST('other' AS text)) AND char_length(network) <= 1000
   ORDER BY rows DESC, network COLLATE "C"
   LIMIT greatest(0, 20 - cardinality(CAST(:'networks' AS text[]))))
), kept_statuses AS (
  SELECT unnest(ARRAY['success', 'failed']) AS status
  UNION ALL
  (SELECT status
   FROM statuses
   WHERE status NOT IN ('success', 'failed', 'other') AND char_length(status) <= 1000
   ORDER BY rows DESC, status COLLATE "C"
   LIMIT 20 - 2)
), room AS (
  -- For templates, 'other' included.
  SELECT 10000
         / ((SELECT count(*) FROM kept_networks)
            + (SELECT count(*) FROM (SELECT FROM networks WHERE network NOT IN (SELECT network FROM kept_networks) LIMIT 1) AS other))
         / ((SELECT count(*) FROM kept_statuses)
            + (SELECT count(*) FROM (SELECT FROM statuses WHERE status NOT IN (SELECT status FROM kept_statuses) LIMIT 1) AS other))
         AS templates
), kept_templates AS (
  SELECT template
  FROM templates
  WHERE template <> 'other' AND char_length(template) <= 1000
  ORDER BY rows DESC, template COLLATE "C"
  LIMIT (SELECT CASE WHEN (SELECT count(*) FROM templates) <= room.templates THEN CAST(:'most' AS bigint)
                     ELSE least(CAST(:'most' AS bigint), greatest(0, room.templates - 1)) END
         FROM room)
)
SELECT CASE WHEN network IN (SELECT network FROM kept_networks) THEN network ELSE 'other' END AS network,
       CASE WHEN template IN (SELECT template FROM kept_templates) THEN template ELSE 'other' END AS template,
       CASE WHEN status IN (SELECT status FROM kept_statuses) THEN status ELSE 'other' END AS status,
       CAST(sum(count_1) AS bigint) AS count_1,
       CAST(sum(count_2) AS bigint) AS count_2,
       CAST(sum(count_3) AS bigint) AS count_3,
       CAST(sum(count_4) AS bigint) AS count_4,
       CAST(sum(count_5) AS bigint) AS count_5,
       CAST(sum(count_6) AS bigint) AS count_6,
       CAST(sum(count_7) AS bigint) AS count_7,
       CAST(sum(count_8) AS bigint) AS count_8,
       max(last_created) AS last_created,
       (SELECT count(*) FROM networks
        WHERE network <> 'other' AND network NOT IN (SELECT network FROM kept_networks)) AS folded_networks,
       (SELECT count(*) FROM templates
        WHERE template <> 'other' AND template NOT IN (SELECT template FROM kept_templates)) AS folded_templates,
       (SELECT count(*) FROM statuses
        WHERE status <> 'other' AND status NOT IN (SELECT status FROM kept_statuses)) AS folded_statuses
FROM counts
GROUP BY 1, 2, 3;
