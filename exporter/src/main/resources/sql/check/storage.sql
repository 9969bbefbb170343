-- A table and its partitions, with the bytes each takes.
--
-- oid  the table
--
-- psql -v oid=16384 -f storage.sql
SELECT format('%I.%I', namespace.nspname, class.relname) AS name,
       format('%I', class.relname) AS bare_name,
       tree.level,
       tree.leaf,
       CASE WHEN tree.leaf THEN pg_relation_size(class.oid) ELSE 0 END AS bytes
FROM (SELECT relid, level, isleaf AS leaf FROM pg_partition_tree(CAST(CAST(:'oid' AS bigint) AS oid))
      UNION ALL
      SELECT CAST(CAST(:'oid' AS bigint) AS oid), 0, true
      WHERE NOT EXISTS (SELECT FROM pg_partition_tree(CAST(CAST(:'oid' AS bigint) AS oid)))) AS tree
JOIN pg_class AS class ON class.oid = tree.relid
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
ORDER BY tree.level, 1;
