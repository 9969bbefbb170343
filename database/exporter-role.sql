-- The role the exporter logs in with: it can read the deployments table and nothing else.
--
--   psql -d <database> -v password=<a long random password> -f database/exporter-role.sql
--
-- Run it as the owner of the table. It can be run again, for example to change the password.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'deployment_exporter') THEN
        CREATE ROLE deployment_exporter;
    END IF;
END
$$;

ALTER ROLE deployment_exporter
    LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS
    CONNECTION LIMIT 6                            -- two exporters in a rolling update, and `check`
    PASSWORD :'password';

-- A second line behind the exporter's own read-only transactions.
ALTER ROLE deployment_exporter SET default_transaction_read_only = on;

REVOKE ALL ON deployments FROM deployment_exporter;
GRANT SELECT ON deployments TO deployment_exporter;
