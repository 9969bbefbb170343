-- 120 days of believable deployments, about 40,000, ending now: growth, a weekly and a daily rhythm,
-- projects on one or both networks, templates that rise and fall, a past incident per network.
--
--   psql -d <database> -f database/demo-history.sql
--
-- Needs an empty deployments table (database/schema.sql). The same every time, but for the clock.
BEGIN;
-- Weekdays begin at the same moment for everybody.
SET LOCAL TIME ZONE 'UTC';
DO $$ BEGIN PERFORM setseed(0.42); END $$;

CREATE SCHEMA IF NOT EXISTS demo;

-- Incidents: while one is open, demo-tick.sql lets the network's deployments fail.
CREATE TABLE demo.incident (
    network    text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz
);
CREATE UNIQUE INDEX ON demo.incident (network) WHERE ended_at IS NULL;

-- How popular a template is (as a weight) at the beginning and at the end of the 120 days.
CREATE TABLE demo.template (
    name        text PRIMARY KEY,
    first_weight double precision NOT NULL,
    last_weight  double precision NOT NULL
);
INSERT INTO demo.template VALUES
    ('erc20-token',     30, 26),
    ('nft-collection',  26, 12),
    ('liquidity-pool',  12, 16),
    ('staking-vault',   10, 13),
    ('governance-dao',   7,  8),
    ('bridge-adapter',   0, 15),                  -- introduced after a month
    ('oracle-feed',      5,  7),
    ('payment-splitter', 4,  4),
    ('lottery',          8, -3);                  -- given up: none in the last month

-- A template for a moment between 0 (120 days ago) and 1 (now), drawn by weight.
CREATE FUNCTION demo.draw_template(progress double precision) RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT name
    FROM demo.template, LATERAL (SELECT first_weight + (last_weight - first_weight) * progress
                                        - CASE name WHEN 'bridge-adapter' THEN 4 ELSE 0 END AS now) w
    WHERE w.now > 0
    ORDER BY -ln(1 - random()) / w.now
    LIMIT 1
$$;

-- A project for such a moment: few busy ones and many quiet ones, more of them as time goes by;
-- every eighth deployment is of one of the 25 that are on both networks.
CREATE FUNCTION demo.draw_project(network text, progress double precision) RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT CAST(md5(CASE WHEN random() < 0.125
                         THEN 'both-' || floor(25 * random())
                         ELSE network || '-' || floor((120 + 260 * progress) * random() ^ 2.2)
                    END) AS uuid)::text
$$;

WITH hours AS (
    SELECT hour, network,
           extract(epoch FROM hour - (now() - interval '120 days')) / extract(epoch FROM interval '120 days') AS progress
    FROM generate_series(now() - interval '120 days', now() - interval '1 hour', interval '1 hour') AS hour,
         unnest(ARRAY['metis', 'hyperion']) AS network
), expected AS (
    SELECT hour, network, progress,
           -- Metis is the older network; Hyperion catches up.
           CASE network WHEN 'metis' THEN 6.9 + 1.4 * progress ELSE 2.6 + 6.2 * progress END
           * CASE extract(isodow FROM hour) WHEN 6 THEN 0.55 WHEN 7 THEN 0.45 ELSE 1.2 END
           * (1 + 0.6 * sin((extract(hour FROM hour AT TIME ZONE 'UTC') - 8) * pi() / 12)) AS deployments
    FROM hours
), drawn AS (
    SELECT network, progress, hour + random() * interval '1 hour' AS created_at
    FROM expected,
         -- The whole part, and the rest as a chance: right on average in quiet hours too.
         LATERAL generate_series(1, floor(deployments * (0.6 + 0.8 * random()) + random())::int)
)
INSERT INTO deployments (project_id, network, template, status, created_at)
SELECT demo.draw_project(network, progress), network, template,
       CASE
           WHEN created_at > now() - interval '20 minutes' AND luck < 0.15 THEN 'pending'
           WHEN luck < 0.004 THEN 'pending'       -- whoever deployed went away
           WHEN luck > 1 - failing THEN 'failed'
           ELSE 'success'
       END,
       created_at
FROM (
    SELECT drawn.*, template, random() AS luck,
           CASE
               WHEN network = 'metis'
                    AND created_at BETWEEN now() - interval '38 days' AND now() - interval '37 days 15 hours' THEN 0.85
               WHEN network = 'hyperion'
                    AND created_at BETWEEN now() - interval '17 days' AND now() - interval '16 days 18 hours' THEN 0.75
               -- A template that has got worse since last week.
               WHEN template = 'oracle-feed' AND created_at > now() - interval '6 days' THEN 0.22
               WHEN template = 'bridge-adapter' THEN 0.06
               -- So few that no network alerts by itself, even on a quiet Sunday.
               ELSE 0.02
           END AS failing
    FROM drawn, LATERAL (SELECT demo.draw_template(drawn.progress) AS template) t
) AS rows;

COMMIT;
ANALYZE deployments;
