-- The values of a column, most frequent first.
--
-- table   the table
-- column  the column, quoted as an identifier
--
-- psql -v table=deployments -v column=status -f values.sql
SELECT CAST(:column AS text) AS value,
       count(*) AS rows
FROM :table
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 12;
