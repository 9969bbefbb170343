-- A table or view and everything that is read through it: as which role, and whether row-level
-- security restricts that role.
--
-- oid  the table or view
--
-- A view reads what is below it as its owner, or with security_invoker as whoever runs the query, who
-- is us even where a view above belongs to somebody else.
--
-- psql -v oid=16384 -f below.sql
WITH RECURSIVE below AS (
  SELECT class.oid, class.relkind, class.relowner, class.reloptions, 0 AS depth,
         (SELECT oid FROM pg_roles WHERE rolname = current_user) AS reader
  FROM pg_class AS class
  WHERE class.oid = CAST(:'oid' AS bigint)
  UNION
  SELECT class.oid, class.relkind, class.relowner, class.reloptions, view.depth + 1,
         CASE WHEN EXISTS (SELECT FROM pg_options_to_table(view.reloptions)
                           WHERE option_name = 'security_invoker'
                             AND CAST(option_value AS boolean))
              THEN (SELECT oid FROM pg_roles WHERE rolname = current_user)
              ELSE view.relowner END
  FROM below AS view
  JOIN pg_rewrite AS rule ON rule.ev_class = view.oid AND rule.ev_type = '1'
  JOIN pg_depend AS uses ON uses.classid = CAST('pg_rewrite' AS regclass)
                        AND uses.objid = rule.oid
                        AND uses.refclassid = CAST('pg_class' AS regclass)
                        AND uses.refobjid <> view.oid
  JOIN pg_class AS class ON class.oid = uses.refobjid AND class.relkind IN ('r', 'p', 'v', 'm', 'f')
  WHERE view.relkind = 'v'
)
SELECT CAST(below.oid AS bigint) AS oid,
       format('%I.%I', namespace.nspname, class.relname) AS name,
       class.relkind AS kind,
       format('%I', owner.rolname) AS owner,
       format('%I', reader.rolname) AS reader,
       has_any_column_privilege(below.reader, below.oid, 'SELECT') AS readable,
       EXISTS (SELECT FROM pg_options_to_table(below.reloptions)
               WHERE option_name = 'security_invoker'
                 AND CAST(option_value AS boolean)) AS security_invoker,
       class.relforcerowsecurity AS forced,
       class.relrowsecurity
         AND NOT reader.rolsuper
         AND NOT reader.rolbypassrls
         AND (class.relforcerowsecurity OR NOT pg_has_role(below.reader, class.relowner, 'USAGE'))
         AS restricted,
       -- A policy may let the reader see everything after all.
       EXISTS (SELECT FROM pg_policy AS policy
               WHERE policy.polrelid = below.oid
                 AND policy.polpermissive
                 AND policy.polcmd IN ('r', '*')
                 AND pg_get_expr(policy.polqual, policy.polrelid) = 'true'
                 AND EXISTS (SELECT FROM unnest(policy.polroles) AS role
                             WHERE CASE role WHEN 0 THEN true
                                   ELSE pg_has_role(below.reader, role, 'USAGE') END))
         AND NOT EXISTS (SELECT FROM pg_policy AS policy
                         WHERE policy.polrelid = below.oid
                           AND NOT policy.polpermissive
                           AND policy.polcmd IN ('r', '*')) AS allowed_all
FROM below
JOIN pg_class AS class ON class.oid = below.oid
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
JOIN pg_roles AS owner ON owner.oid = class.relowner
JOIN pg_roles AS reader ON reader.oid = below.reader
ORDER BY below.depth, 2;
