-- The beginnings of the most frequent values of a column.
--
-- table   the table
-- column  the column, quoted as an identifier
--
-- psql -v table=deployments -v column=status -f values.sql
SELECT left(CAST(:column AS text), 1000) AS value,
       count(*) AS rows
FROM :table
GROUP BY CAST(:column AS text)
ORDER BY 2 DESC, 1
LIMIT 12;
