-- New deployments, now; the demo runs this every few seconds.
--
--   psql -d <database> -f database/demo-tick.sql
--
-- Needs database/demo-history.sql. To let a network's deployments fail, and to end that:
--
--   INSERT INTO demo.incident (network) VALUES ('metis');
--   UPDATE demo.incident SET ended_at = now() WHERE ended_at IS NULL;

-- One ordinary deployment, unless its network has an incident.
INSERT INTO deployments (project_id, network, template, status, created_at)
SELECT demo.draw_project(network, 1), network, demo.draw_template(1),
       CASE WHEN luck < 0.01 THEN 'pending' WHEN luck < 0.05 THEN 'failed' ELSE 'success' END,
       now()
FROM (SELECT CASE WHEN random() < 0.5 THEN 'metis' ELSE 'hyperion' END AS network,
             random() AS luck) AS drawn
WHERE NOT EXISTS (SELECT FROM demo.incident WHERE incident.network = drawn.network AND ended_at IS NULL);

-- In an incident everybody tries again and again: enough to outweigh the last hour's successes
-- within a few minutes, so that alerts on the rate of an hour can be watched firing.
INSERT INTO deployments (project_id, network, template, status, created_at)
SELECT demo.draw_project(incident.network, 1), incident.network, demo.draw_template(1), 'failed', now()
FROM demo.incident,
     LATERAL (SELECT count(*) AS successes
              FROM deployments
              WHERE deployments.network = incident.network
                AND deployments.status = 'success'
                AND deployments.created_at > now() - interval '1 hour') AS last_hour,
     LATERAL generate_series(1, greatest(4, last_hour.successes / 40))
WHERE incident.ended_at IS NULL;

-- Once it is over, the tries succeed after all: their rows become successes within a few minutes.
UPDATE deployments
SET status = 'success'
WHERE ctid IN (SELECT deployments.ctid
               FROM deployments
               JOIN demo.incident USING (network)
               WHERE deployments.status = 'failed'
                 AND deployments.created_at BETWEEN incident.started_at AND incident.ended_at
               ORDER BY deployments.created_at
               LIMIT 40);
