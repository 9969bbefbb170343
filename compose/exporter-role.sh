#!/bin/sh
# Run by the postgres image on its first start: the exporter's role, with the password of its secret.
# Not -v password=…, which would show in the process list.
set -eu
test -s /run/secrets/exporter-password || { echo "The secret exporter-password is empty." >&2; exit 1; }
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat /run/secrets/exporter-password`
\i /database/exporter-role.sql
SQL
