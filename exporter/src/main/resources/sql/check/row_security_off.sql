-- Until the end of the transaction: an error in the place of rows that row-level security hides.
--
-- psql -f row_security_off.sql
SELECT set_config('row_security', 'off', true);
