-- Who may do what with a table, its columns and its schema, besides the table's owner.
--
-- oid  the table
--
-- psql -v oid=16384 -f grants.sql
WITH target AS (
  SELECT class.oid, class.relowner, class.relacl, class.relname,
         namespace.oid AS schema, namespace.nspname, namespace.nspacl, namespace.nspowner
  FROM pg_class AS class
  JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
  WHERE class.oid = CAST(:'oid' AS bigint)
), granted AS (
  SELECT acl.privilege_type, acl.grantee, 'TABLE' AS scope
  FROM target, aclexplode(target.relacl) AS acl
  UNION
  SELECT acl.privilege_type, acl.grantee, 'TABLE'
  FROM target
  JOIN pg_attribute AS attribute ON attribute.attrelid = target.oid, aclexplode(attribute.attacl) AS acl
  UNION
  SELECT acl.privilege_type, acl.grantee, 'SCHEMA'
  FROM target, aclexplode(target.nspacl) AS acl
  WHERE acl.privilege_type = 'CREATE' AND acl.grantee <> target.nspowner
)
SELECT granted.scope,
       granted.privilege_type AS privilege,
       CASE granted.grantee WHEN 0 THEN 'PUBLIC'
            ELSE (SELECT format('%I', rolname) FROM pg_roles WHERE oid = granted.grantee) END AS grantee,
       CASE granted.grantee WHEN 0 THEN true
            ELSE pg_has_role(granted.grantee, 'USAGE') END AS ours,
       granted.grantee = (SELECT oid FROM pg_roles WHERE rolname = current_user) AS own,
       CASE granted.grantee
            WHEN 0 THEN EXISTS (SELECT FROM aclexplode(target.nspacl) AS acl
                                WHERE acl.grantee = 0 AND acl.privilege_type = 'USAGE')
            ELSE has_schema_privilege(granted.grantee, target.schema, 'USAGE') END AS reaches
FROM granted, target
WHERE granted.grantee <> target.relowner
ORDER BY 1 DESC, 3, 2;
