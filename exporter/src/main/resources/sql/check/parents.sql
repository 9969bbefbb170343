-- The tables that a table's foreign keys lead to, as far as they belong to the same owner, so that
-- a view of that owner can join them.
--
-- oid  the table
--
-- psql -v oid=16384 -f parents.sql
SELECT CAST(parent.oid AS bigint) AS oid,
       format('%I.%I', namespace.nspname, parent.relname) AS name,
       format('%I', parent.relname) AS bare_name,
       (SELECT string_agg(format('%I', own.attname), ',' ORDER BY pair.place)
        FROM unnest(foreign_key.conkey) WITH ORDINALITY AS pair (number, place)
        JOIN pg_attribute AS own ON own.attrelid = child.oid AND own.attnum = pair.number) AS own_columns,
       (SELECT string_agg(format('%I', key.attname), ',' ORDER BY pair.place)
        FROM unnest(foreign_key.confkey) WITH ORDINALITY AS pair (number, place)
        JOIN pg_attribute AS key ON key.attrelid = parent.oid AND key.attnum = pair.number) AS key_columns
FROM pg_constraint AS foreign_key
JOIN pg_class AS child ON child.oid = foreign_key.conrelid
JOIN pg_class AS parent ON parent.oid = foreign_key.confrelid
JOIN pg_namespace AS namespace ON namespace.oid = parent.relnamespace
WHERE foreign_key.contype = 'f'
  AND child.oid = CAST(:'oid' AS bigint)
  AND parent.oid <> child.oid
  AND parent.relowner = child.relowner
ORDER BY foreign_key.conname;
