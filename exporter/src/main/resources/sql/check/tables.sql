-- The table or view of the given name, if there is one, and those that may be meant instead.
--
-- schema  empty to go by the search path
-- name    as the catalog spells it
--
-- psql -v schema= -v name=deployments -f tables.sql
SELECT CAST(class.oid AS bigint) AS oid,
       format('%I', namespace.nspname) AS schema,
       format('%I.%I', namespace.nspname, class.relname) AS name,
       format('%I', class.relname) AS bare_name,
       class.relkind AS kind,
       format('%I', owner.rolname) AS owner,
       pg_has_role(class.relowner, 'USAGE') AS owned,
       has_schema_privilege(namespace.oid, 'USAGE') AS schema_usable,
       has_schema_privilege(namespace.oid, 'CREATE') AS schema_writable,
       has_any_column_privilege(class.oid, 'SELECT') AS readable,
       class.relname = CAST(:'name' AS text)
         AND CASE WHEN CAST(:'schema' AS text) = '' THEN pg_table_is_visible(class.oid)
                  ELSE namespace.nspname = CAST(:'schema' AS text) END AS named
FROM pg_class AS class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
JOIN pg_roles AS owner ON owner.oid = class.relowner
WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND namespace.nspname NOT IN ('pg_catalog', 'information_schema')
  AND (class.relname = CAST(:'name' AS text)
       OR (class.relname ILIKE '%deployment%' AND NOT class.relispartition))
ORDER BY named DESC, class.relname <> CAST(:'name' AS text), 3
LIMIT 6;
