-- The columns of a table, with the values that its constraints allow.
--
-- oid  the table
--
-- psql -v oid=16384 -f columns.sql
SELECT attribute.attname AS name,
       format('%I', attribute.attname) AS quoted,
       format_type(attribute.atttypid, attribute.atttypmod) AS type,
       base.typname AS base_type,
       base.typcategory AS category,
       coalesce(
         (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
          FROM pg_enum
          WHERE enumtypid = base.oid),
         (SELECT string_agg(pg_get_constraintdef(oid), ' ')
          FROM pg_constraint
          WHERE contype = 'c' AND conrelid = attribute.attrelid
            AND conkey = ARRAY[attribute.attnum]),
         '') AS allowed
FROM pg_attribute AS attribute
JOIN pg_type AS type ON type.oid = attribute.atttypid
JOIN pg_type AS base ON base.oid = CASE type.typtype WHEN 'd' THEN type.typbasetype ELSE type.oid END
WHERE attribute.attrelid = CAST(:'oid' AS bigint)
  AND attribute.attnum > 0
  AND NOT attribute.attisdropped
ORDER BY attribute.attnum;
