-- What kind of server this is, and as whom and how it is talked to.
--
-- psql -f server.sql
SELECT current_setting('server_version') AS version,
       CAST(current_setting('server_version_num') AS integer) AS version_number,
       current_database() AS database,
       format('%I', current_user) AS role,
       role.rolsuper AS superuser,
       role.rolbypassrls AS bypasses_row_security,
       -- The roles of Supabase's public API: what they can read, anybody on the internet can.
       array_to_string(ARRAY(SELECT rolname FROM pg_roles
                             WHERE rolname IN ('anon', 'authenticated') ORDER BY 1), ',') AS api_roles,
       pg_is_in_recovery() AS standby,
       pg_backend_pid() AS process,
       CASE WHEN tls.ssl THEN tls.version WHEN gss.encrypted THEN 'GSSAPI' END AS encryption
FROM pg_roles AS role
LEFT JOIN pg_stat_ssl AS tls ON tls.pid = pg_backend_pid()
LEFT JOIN pg_stat_gssapi AS gss ON gss.pid = pg_backend_pid()
WHERE role.rolname = current_user;
