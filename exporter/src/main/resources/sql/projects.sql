-- Distinct projects in each window: of each template on each network, of each network, and of all.
--
-- table      the deployments table or view
-- moment     the upper bound of every window
-- windows    the start of each window, largest window first, at most eight; a missing one counts 0
-- networks   with the templates: every pair that has rows in the largest window, each once, at most 64
-- templates  as many
-- bits       as many, each another power of two
--
-- A pair is a bit, and a project has a set of them for each window. So the rows are grouped by project
-- only, which is what costs most of the time, and once for everything. It is a left join because every row
-- has its pair, and PostgreSQL would guess far too few otherwise. The template is NULL in the rows of
-- networks, and the network too in the row of all.
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-10-02T00:00:00Z,2026-10-25T00:00:00Z,2026-10-31T00:00:00Z,2026-10-31T23:00:00Z}' -v networks='{metis,hyperion}' -v templates='{erc20,erc20}' -v bits='{1,2}' -f projects.sql
WITH pairs AS NOT MATERIALIZED (
  SELECT network, template, bits
  FROM unnest(CAST(:'networks' AS text[]), CAST(:'templates' AS text[]), CAST(:'bits' AS bigint[]))
       AS pair (network, template, bits)
), projects AS MATERIALIZED (
  SELECT bit_or(pairs.bits) AS bits_1,
         bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[2] THEN pairs.bits END) AS bits_2,
         bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[3] THEN pairs.bits END) AS bits_3,
         bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[4] THEN pairs.bits END) AS bits_4,
         bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[5] THEN pairs.bits END) AS bits_5,
         bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[6] THEN pairs.bits END) AS bits_6,
         bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[7] THEN pairs.bits END) AS bits_7,
         bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[8] THEN pairs.bits END) AS bits_8
  FROM :table AS deployment
  LEFT JOIN pairs
    ON pairs.network = coalesce(nullif(CAST(deployment.network AS text), ''), 'unknown')
   AND pairs.template = coalesce(nullif(CAST(deployment.template AS text), ''), 'unknown')
  WHERE deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[1]
    AND deployment.created_at <= CAST(:'moment' AS timestamptz)
    AND deployment.project_id IS NOT NULL
  GROUP BY deployment.project_id
), groups AS (
  SELECT network, template, bits FROM pairs
  UNION ALL
  SELECT network, NULL, bit_or(bits) FROM pairs GROUP BY network
  UNION ALL
  SELECT NULL, NULL, -1
)
SELECT network,
       template,
       count(bits_1) AS count_1,
       count(*) FILTER (WHERE bits_2 & bits <> 0) AS count_2,
       count(*) FILTER (WHERE bits_3 & bits <> 0) AS count_3,
       count(*) FILTER (WHERE bits_4 & bits <> 0) AS count_4,
       count(*) FILTER (WHERE bits_5 & bits <> 0) AS count_5,
       count(*) FILTER (WHERE bits_6 & bits <> 0) AS count_6,
       count(*) FILTER (WHERE bits_7 & bits <> 0) AS count_7,
       count(*) FILTER (WHERE bits_8 & bits <> 0) AS count_8
FROM groups
LEFT JOIN projects ON bits_1 & bits <> 0
GROUP BY network, template;
