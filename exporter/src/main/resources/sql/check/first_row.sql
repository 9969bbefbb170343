-- Whether the table or view can be read at all.
--
-- psql -v table=deployments -f first_row.sql
SELECT 1
FROM :table
LIMIT 1;
