-- The five columns over Supabase tables `deployments` and `runs`, one row per deployment.
--
--   psql -d <database> -f database/views/shape-b-runs.sql
--
-- Run it as the owner of public.deployments (on Supabase that is postgres). It can be run again, for
-- example after a change of one of the decisions below. DEPLOYMENTS_TABLE is then
-- telemetry.deployments.
--
-- Row-level security is on for the tables, and hides every row from the exporter's role without an
-- error. Through this view they are read as their owner, who sees all of them, unless security is
-- FORCEd on the owner too: `deployment-exporter check` says so.
--
-- What it can't tell: a run that failed before it deployed has no row here, and counts nowhere.

-- A schema of its own: Supabase's API publishes `public`, and would show a view in it to anybody.
CREATE SCHEMA IF NOT EXISTS telemetry;

CREATE OR REPLACE VIEW telemetry.deployments AS
SELECT
    -- Project: the run's. A deployment without a run counts as a deployment, and as no project's.
    run.project_id AS project_id,

    -- Network: its name if there is one, else what the chain is known as. Testnets and mainnets are
    -- one network here, because the question is how the platform is used; Hyperion has only its
    -- testnet so far. To tell them apart, give them names of their own below, such as
    -- 'hyperion-testnet', take the name as it is, and set NETWORKS to the same names. A chain that
    -- is not known shows as chain-<id>; a row with neither name nor chain as `unknown`.
    coalesce(
        regexp_replace(
            lower(nullif(trim(deployment.network), '')), '[-_ ]+(testnet|mainnet|andromeda|sepolia)$', ''),
        CASE deployment.chain_id
            WHEN 133717 THEN 'hyperion'               -- Hyperion testnet
            WHEN 1088 THEN 'metis'                    -- Metis Andromeda
            WHEN 59902 THEN 'metis'                   -- Metis Sepolia
        END,
        'chain-' || deployment.chain_id
    ) AS network,

    -- Template: what the metadata says, if it says anything; else it shows as `unknown`. If yours
    -- has it under another key, this is the place.
    deployment.metadata ->> 'template' AS template,

    -- Status: a contract that is on the chain is a success. A status that nobody has thought of yet
    -- passes as it is, so that it shows, and `deployment-exporter check` names it.
    CASE lower(deployment.status)
        WHEN 'confirmed' THEN 'success'
        WHEN 'deployed' THEN 'success'
        WHEN 'completed' THEN 'success'
        WHEN 'success' THEN 'success'
        WHEN 'failed' THEN 'failed'
        WHEN 'error' THEN 'failed'
        WHEN 'reverted' THEN 'failed'
        WHEN 'submitted' THEN 'pending'
        WHEN 'deploying' THEN 'pending'
        ELSE lower(deployment.status)
    END AS status,

    -- Time: when the row was written.
    deployment.created_at AS created_at
FROM public.deployments AS deployment
LEFT JOIN public.runs AS run ON run.id = deployment.run_id;

-- Whoever may read the view reads the tables as the view's owner: so that is the tables' owner, and
-- nobody may read the view but the exporter.
DO $$
DECLARE
    owner name := (SELECT pg_get_userbyid(relowner) FROM pg_class
                   WHERE oid = CAST('public.deployments' AS regclass));
    other name;
BEGIN
    EXECUTE format('ALTER VIEW telemetry.deployments OWNER TO %I', owner);
    REVOKE ALL ON SCHEMA telemetry FROM PUBLIC;
    REVOKE ALL ON telemetry.deployments FROM PUBLIC;
    -- The roles of Supabase's public API, where there are such.
    FOR other IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA telemetry FROM %I', other);
        EXECUTE format('REVOKE ALL ON telemetry.deployments FROM %I', other);
    END LOOP;
    -- The exporter's role; database/exporter-role.sql makes it, and grants the same if it comes later.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'deployment_exporter') THEN
        GRANT USAGE ON SCHEMA telemetry TO deployment_exporter;
        REVOKE ALL ON telemetry.deployments FROM deployment_exporter;
        GRANT SELECT ON telemetry.deployments TO deployment_exporter;
    END IF;
END
$$;
