-- Distinct projects in each window: of each template on each network, of each network, and of all.
--
-- table      the deployments table or view
-- moment     the upper bound of every window
-- windows    the start of each window, largest window first, at most eight; a missing one counts 0
-- networks   with the templates: what to count the projects of. Every pair that has rows in the largest
--            window, each once, at most 64; a network, with NULL for its template; NULL and NULL for all
-- templates  as many
-- bits       as many: of a pair another power of two each, of the others the sum of their pairs'
--
-- A pair is a bit, and a project has a set of them for each window. So the rows are grouped by project
-- only, which is what costs most of the time, and once for everything. It is a left join, though every row
-- has its pair, as PostgreSQL would guess far too few otherwise. What has no project has no row.
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-10-02T00:00:00Z,2026-10-25T00:00:00Z,2026-10-31T00:00:00Z,2026-10-31T23:00:00Z}' -v networks='{metis,hyperion,metis,hyperion,NULL}' -v templates='{erc20,erc20,NULL,NULL,NULL}' -v bits='{1,2,1,2,3}' -f projects.sql
SELECT groups.network,
       groups.template,
       count(*) AS count_1,
       count(*) FILTER (WHERE bits_2 & groups.bits <> 0) AS count_2,
       count(*) FILTER (WHERE bits_3 & groups.bits <> 0) AS count_3,
       count(*) FILTER (WHERE bits_4 & groups.bits <> 0) AS count_4,
       count(*) FILTER (WHERE bits_5 & groups.bits <> 0) AS count_5,
       count(*) FILTER (WHERE bits_6 & groups.bits <> 0) AS count_6,
       count(*) FILTER (WHERE bits_7 & groups.bits <> 0) AS count_7,
       count(*) FILTER (WHERE bits_8 & groups.bits <> 0) AS count_8
FROM (SELECT bit_or(pair.bits) AS bits_1,
             bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[2] THEN pair.bits END) AS bits_2,
             bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[3] THEN pair.bits END) AS bits_3,
             bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[4] THEN pair.bits END) AS bits_4,
             bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[5] THEN pair.bits END) AS bits_5,
             bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[6] THEN pair.bits END) AS bits_6,
             bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[7] THEN pair.bits END) AS bits_7,
             bit_or(CASE WHEN deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[8] THEN pair.bits END) AS bits_8
      FROM :table AS deployment
      LEFT JOIN unnest(CAST(:'networks' AS text[]), CAST(:'templates' AS text[]), CAST(:'bits' AS bigint[]))
                AS pair (network, template, bits)
        ON pair.network = coalesce(nullif(CAST(deployment.network AS text), ''), 'unknown')
       AND pair.template = coalesce(nullif(CAST(deployment.template AS text), ''), 'unknown')
      WHERE deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[1]
        AND deployment.created_at <= CAST(:'moment' AS timestamptz)
        AND deployment.project_id IS NOT NULL
      GROUP BY deployment.project_id) AS projects
JOIN unnest(CAST(:'networks' AS text[]), CAST(:'templates' AS text[]), CAST(:'bits' AS bigint[]))
     AS groups (network, template, bits)
  ON bits_1 & groups.bits <> 0
GROUP BY groups.network, groups.template;
