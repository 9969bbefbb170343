-- What the exporter reads: one row per deployment, written by the monitoring hooks.
--
--   psql -d <database> -f database/schema.sql
--
-- No column is NOT NULL: a hook that doesn't know a template or a network should still count its
-- deployment (it shows as `unknown`) rather than fail. Any types that hold the same will do.
CREATE TABLE IF NOT EXISTS deployments (
    project_id text,                              -- counted, never published
    network    text,                              -- metis, hyperion
    template   text,
    status     text,                              -- success, failed, pending
    created_at timestamptz DEFAULT now()
);

-- All that a refresh reads, in the order of time: its cost stays that of the windows, however long
-- the history grows.
CREATE INDEX IF NOT EXISTS deployments_created_at
    ON deployments (created_at) INCLUDE (network, template, status, project_id);
