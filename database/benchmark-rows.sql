-- Rows for measuring: spread over 40 days, so that three quarters are in the window of 30 days, and
-- inserted in no order of time. 12 templates, 2 networks, one project per 33 rows; a few projects and
-- templates have most of the rows. Every project may use every template on both networks, which makes
-- counting distinct projects as expensive as it gets.
--
--   psql -d <database> -v rows=10000000 -f database/benchmark-rows.sql -c 'VACUUM ANALYZE deployments'
--
-- Needs the deployments table (database/schema.sql).
BEGIN;
DO $$ BEGIN PERFORM setseed(0.42); END $$;

INSERT INTO deployments
SELECT CAST(md5(CAST(floor(CAST(:rows AS bigint) * 0.03 * random() ^ 2) AS text)) AS uuid)::text,
       CASE WHEN random() < 0.55 THEN 'metis' ELSE 'hyperion' END,
       'template-' || floor(12 * random() ^ 1.5),
       CASE WHEN random() < 0.9 THEN 'success' WHEN random() < 0.9 THEN 'failed' ELSE 'pending' END,
       now() - random() * interval '40 days'
FROM generate_series(1, :rows);

COMMIT;
