-- The roles of a platform: the owner of its tables, and those of Supabase.
DO $$
DECLARE
    role name;
BEGIN
    FOREACH role IN ARRAY ARRAY['platform', 'anon', 'authenticated', 'service_role', 'deployment_exporter'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role);
        END IF;
    END LOOP;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO platform', current_database());
    -- As new databases are from PostgreSQL 15 on.
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT CREATE ON SCHEMA public TO platform;
END
$$;
ALTER ROLE service_role BYPASSRLS;
-- As Supabase does: what comes into being in public can be read by its API's roles.
ALTER DEFAULT PRIVILEGES FOR ROLE platform IN SCHEMA public
    GRANT ALL ON TABLES TO anon, authenticated, service_role;
