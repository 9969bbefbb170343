-- Distinct projects in each window: of each template on each network, of each network, and of all.
--
-- table      the deployments table or view
-- moment     the upper bound of every window
-- windows    the start of each window, largest window first, at most eight; a missing one counts nothing
-- networks   with the templates: every pair that has rows in the largest window; '' where there is none
-- templates  as many
-- bits       as many: the sum of the bits that the pair sets. What projects are counted of has a bit of its
--            own, at most 64: here 1 and 2 for the two pairs, 4 and 8 for the two networks, 16 for all
-- last       the number of the highest bit, from 0
--
-- A project has a set of bits for each window. So the rows are grouped by project only, which is what costs
-- most of the time, and once for everything. Then projects are counted by four bits at a time: four have few
-- combinations, however many projects there are, and each bit is the sum of those that have it. It is a left
-- join, though every row has its pair, as PostgreSQL would guess far too few otherwise. What has no project
-- has no row.
--
-- PGTZ=UTC psql -v table=deployments -v moment=2026-11-01T00:00:00Z -v windows='{2026-10-02T00:00:00Z,2026-10-25T00:00:00Z,2026-10-31T00:00:00Z,2026-10-31T23:00:00Z}' -v networks='{metis,hyperion}' -v templates='{erc20,erc20}' -v bits='{21,26}' -v last=4 -f projects.sql
SELECT chunk + bit AS bit,
       CAST(sum(projects) FILTER (WHERE (four_1 >> bit) & 1 = 1) AS bigint) AS count_1,
       CAST(sum(projects) FILTER (WHERE (four_2 >> bit) & 1 = 1) AS bigint) AS count_2,
       CAST(sum(projects) FILTER (WHERE (four_3 >> bit) & 1 = 1) AS bigint) AS count_3,
       CAST(sum(projects) FILTER (WHERE (four_4 >> bit) & 1 = 1) AS bigint) AS count_4,
       CAST(sum(projects) FILTER (WHERE (four_5 >> bit) & 1 = 1) AS bigint) AS count_5,
       CAST(sum(projects) FILTER (WHERE (four_6 >> bit) & 1 = 1) AS bigint) AS count_6,
       CAST(sum(projects) FILTER (WHERE (four_7 >> bit) & 1 = 1) AS bigint) AS count_7,
       CAST(sum(projects) FILTER (WHERE (four_8 >> bit) & 1 = 1) AS bigint) AS count_8
FROM (SELECT chunk,
             (bits_1 >> chunk) & 15 AS four_1,
             (bits_2 >> chunk) & 15 AS four_2,
             (bits_3 >> chunk) & 15 AS four_3,
             (bits_4 >> chunk) & 15 AS four_4,
             (bits_5 >> chunk) & 15 AS four_5,
             (bits_6 >> chunk) & 15 AS four_6,
             (bits_7 >> chunk) & 15 AS four_7,
             (bits_8 >> chunk) & 15 AS four_8,
             count(*) AS projects
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
              ON pair.network = coalesce(CAST(deployment.network AS text), '')
             AND pair.template = coalesce(CAST(deployment.template AS text), '')
            WHERE deployment.created_at >= (CAST(:'windows' AS timestamptz[]))[1]
              AND deployment.created_at <= CAST(:'moment' AS timestamptz)
              AND deployment.project_id IS NOT NULL
            GROUP BY deployment.project_id) AS project
      CROSS JOIN generate_series(0, CAST(:'last' AS integer), 4) AS chunk
      GROUP BY chunk, four_1, four_2, four_3, four_4, four_5, four_6, four_7, four_8) AS combination
CROSS JOIN generate_series(0, 3) AS bit
GROUP BY chunk + bit
HAVING chunk + bit <= CAST(:'last' AS integer);
