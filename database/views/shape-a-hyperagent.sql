-- The five columns over a schema `hyperagent` with one row per contract deployment, the contract in
-- generated_contracts.
--
--   psql -d <database> -f database/views/shape-a-hyperagent.sql
--
-- Run it as the owner of hyperagent.deployments, or as a superuser. It can be run again, for example
-- after a change of one of the decisions below. DEPLOYMENTS_TABLE is then telemetry.deployments.
--
-- What it can't tell: a deployment that failed may have left no row at all. If nothing writes rows
-- with a failed status, the success ratio says how many deployments are confirmed by now, and not
-- how many worked.

-- A schema of its own: no API that publishes `public` or `hyperagent` publishes this by accident.
CREATE SCHEMA IF NOT EXISTS telemetry;

CREATE OR REPLACE VIEW telemetry.deployments AS
SELECT
    -- Project: the workflow that generated the contract; there is nothing nearer to a project. A
    -- deployment without a contract counts as a deployment, and as no project's.
    contract.workflow_id AS project_id,

    -- Network: hyperion_testnet and hyperion_mainnet are both `hyperion`, because the question is
    -- how the platform is used, and hardly anybody is on a mainnet yet. To tell them apart, take
    --     deployment.deployment_network
    -- as it is, and set NETWORKS=hyperion_testnet,hyperion_mainnet,...
    regexp_replace(lower(deployment.deployment_network), '_(testnet|mainnet)$', '') AS network,

    -- Template: the contract's type. Its name is the user's own, and there would be thousands.
    contract.contract_type AS template,

    -- Status: confirmed on the chain is a success. A status that nobody has thought of yet passes
    -- as it is, so that it shows, and `deployment-exporter check` names it.
    CASE lower(deployment.deployment_status)
        WHEN 'confirmed' THEN 'success'
        WHEN 'deployed' THEN 'success'
        WHEN 'success' THEN 'success'
        WHEN 'failed' THEN 'failed'
        WHEN 'error' THEN 'failed'
        WHEN 'reverted' THEN 'failed'
        WHEN 'submitted' THEN 'pending'
        WHEN 'deploying' THEN 'pending'
        ELSE lower(deployment.deployment_status)
    END AS status,

    -- Time: when it was sent, not when it was confirmed: one that is never confirmed counts too. A
    -- row without deployed_at counts nowhere, which `check` reports; if yours are written before
    -- they are sent, take coalesce(deployment.deployed_at, deployment.confirmed_at), and put the
    -- index on the same expression.
    deployment.deployed_at AS created_at
FROM hyperagent.deployments AS deployment
LEFT JOIN hyperagent.generated_contracts AS contract ON contract.id = deployment.contract_id;

-- Whoever may read the view reads the tables as the view's owner: so that is the tables' owner, and
-- nobody may read the view but the exporter.
DO $$
DECLARE
    owner name := (SELECT pg_get_userbyid(relowner) FROM pg_class
                   WHERE oid = CAST('hyperagent.deployments' AS regclass));
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
