-- Until the end of the transaction: indexes wherever they can serve, and a plan that is easy to read.
--
-- psql -f plan_settings.sql
SELECT set_config('enable_seqscan', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true);
