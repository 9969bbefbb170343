-- The five columns over a Supabase table `deployments` with one row per contract.
--
--   psql -d <database> -f database/views/shape-c-contracts.sql
--
-- Run it as the owner of public.deployments (on Supabase that is postgres). It can be run again, for
-- example after a change of one of the decisions below. DEPLOYMENTS_TABLE is then
-- telemetry.deployments.
--
-- Row-level security shows a project's rows to its owner only, and so none to the exporter's role,
-- without an error. Through this view they are read as the table's owner, who sees all of them,
-- unless security is FORCEd on the owner too: `deployment-exporter check` says so.
--
-- What it can't tell: no status says that a deployment failed. The success ratio is the part that is
-- deployed by now; whether the rest failed or still waits can't be known from this table.

-- A schema of its own: Supabase's API publishes `public`, and would show a view in it to anybody.
CREATE SCHEMA IF NOT EXISTS telemetry;

CREATE OR REPLACE VIEW telemetry.deployments AS
SELECT
    deployment.project_id AS project_id,

    -- Network: its name if there is one, else what the chain is known as. Testnets and mainnets are
    -- one network here, because the question is how the platform is used; Hyperion has only its
    -- testnet so far. To tell them apart, give them names of their own below, such as
    -- 'hyperion-testnet', take the name as it is, and set NETWORKS to the same names. A chain that
    -- is not known shows as chain-<id>; a row with neither name nor chain as `unknown`.
    coalesce(
        regexp_replace(
            lower(nullif(trim(deployment.network_name), '')), '[-_ ]+(testnet|mainnet|andromeda|sepolia)$', ''),
        CASE deployment.chain_id
            WHEN 133717 THEN 'hyperion'               -- Hyperion testnet
            WHEN 1088 THEN 'metis'                    -- Metis Andromeda
            WHEN 59902 THEN 'metis'                   -- Metis Sepolia
        END,
        'chain-' || deployment.chain_id
    ) AS network,

    -- Template: what the plan says, if it says anything; else it shows as `unknown`. The contract's
    -- name is the user's own, and there would be thousands.
    deployment.plan ->> 'template' AS template,

    -- Status, of all contracts of the run together: a success when the last of them is on the chain,
    -- whether the platform put it there or the user's own wallet ('client-deployed'). To count only
    -- the platform's as successes, take 'client-deployed' out of the list.
    CASE WHEN EXISTS (SELECT
                      FROM public.deployments AS part
                      WHERE part.run_id = deployment.run_id
                        AND coalesce(part.status, '') NOT IN ('deployed', 'client-deployed'))
              OR coalesce(deployment.status, '') NOT IN ('deployed', 'client-deployed')
         THEN 'pending' ELSE 'success'
    END AS status,

    -- Time: when the first contract of the run was written.
    deployment.created_at AS created_at
FROM public.deployments AS deployment
-- One deployment is a run, with however many contracts: its first contract stands for it. A contract
-- without a run is a deployment of its own. To count every contract, leave this condition out, and in
-- the status the EXISTS. It is no GROUP BY, so that an index on created_at finds the rows of a window;
-- an index on run_id finds the other contracts of their runs. Where the window holds much of the
-- table PostgreSQL may read all of it once instead.
WHERE NOT EXISTS (SELECT
                  FROM public.deployments AS earlier
                  WHERE earlier.run_id = deployment.run_id
                    AND (earlier.created_at, coalesce(earlier.deployment_order, 0), earlier.ctid)
                      < (deployment.created_at, coalesce(deployment.deployment_order, 0), deployment.ctid));

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
