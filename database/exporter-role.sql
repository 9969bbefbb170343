-- The role the exporter logs in with: it can read the deployments table, or the view that stands for
-- it, and nothing else. Up to PostgreSQL 14 everybody may create tables in the schema public, and so
-- may this role: `deployment-exporter check` says so, with the statement that ends it.
--
--   psql -d <database> -v password=<a long random password> -f database/exporter-role.sql
--
-- Run it as the owner of the table, who needs CREATEROLE. It can be run again, for example to change
-- the password, or after a view was made.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'deployment_exporter') THEN
        CREATE ROLE deployment_exporter;
    END IF;
    -- Nobody but a superuser may even say NOSUPERUSER, and managed servers give nobody that role.
    IF EXISTS (SELECT FROM pg_roles
               WHERE rolname = 'deployment_exporter'
                 AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)) THEN
        ALTER ROLE deployment_exporter NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
END
$$;

ALTER ROLE deployment_exporter
    LOGIN NOINHERIT
    CONNECTION LIMIT 6                            -- two exporters in a rolling update, and `check`
    PASSWORD :'password';

-- A second line behind the exporter's own read-only transactions.
ALTER ROLE deployment_exporter SET default_transaction_read_only = on;

-- Where there is a view telemetry.deployments (database/views), it alone may be read, and not the
-- tables below it.
DO $$
BEGIN
    IF to_regclass('deployments') IS NOT NULL THEN
        REVOKE ALL ON deployments FROM deployment_exporter;
    END IF;
    IF to_regclass('telemetry.deployments') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA telemetry TO deployment_exporter;
        REVOKE ALL ON telemetry.deployments FROM deployment_exporter;
        GRANT SELECT ON telemetry.deployments TO deployment_exporter;
    ELSIF (SELECT count(*) FROM pg_attribute
           WHERE attrelid = to_regclass('deployments')
             AND attname IN ('project_id', 'network', 'template', 'status', 'created_at')) = 5 THEN
        GRANT SELECT ON deployments TO deployment_exporter;
    ELSE
        RAISE NOTICE 'deployment_exporter may read nothing yet: there is no table deployments with'
            ' the five columns, and no view telemetry.deployments. Make one, then run this again.';
    END IF;
END
$$;
