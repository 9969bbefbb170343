-- The B-tree indexes of a table and its partitions, with what each is sorted by first.
--
-- oid  the table
--
-- psql -v oid=16384 -f indexes.sql
SELECT format('%I', class.relname) AS name,
       pg_get_indexdef(class.oid, 1, true) AS first_key
FROM pg_index AS index
JOIN pg_class AS class ON class.oid = index.indexrelid
JOIN pg_am AS method ON method.oid = class.relam AND method.amname = 'btree'
WHERE index.indrelid = CAST(:'oid' AS bigint)
   OR index.indrelid IN (SELECT relid FROM pg_partition_tree(CAST(CAST(:'oid' AS bigint) AS oid)));
