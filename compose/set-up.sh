#!/bin/sh
# In the postgres image, at every `up`: makes what is missing of database, table, role and demo rows. Each is made
# whole or not at all, so whatever cuts one run off, the next completes it.
#
#   set-up.sh <folder of the SQL files>
set -eu
folder=$1
if [ -n "${DATABASE_URL:-}${DATABASE_USER:-}${DATABASE_PASSWORD:-}${DATABASE_PASSWORD_FILE:-}" ]; then
    echo "DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD or DATABASE_PASSWORD_FILE is set, but this is the stack with" \
        "a PostgreSQL of its own. For yours: docker compose -f docker-compose.yml -f compose/own-database.yml up" >&2
    exit 1
fi
# In the environment, because arguments show in the process list.
PGPASSWORD=$(cat /run/secrets/postgres-password)
EXPORTER_PASSWORD=$(cat /run/secrets/exporter-password)
export PGPASSWORD EXPORTER_PASSWORD
export PGOPTIONS="-c client_min_messages=warning"
sql() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"; }

# `docker compose restart` starts everything at once.
for _ in $(seq 30); do
    ! pg_isready --quiet || break
    sleep 1
done
if ! sql --dbname=postgres --command="SELECT" >/dev/null; then
    echo "If it is the password: PostgreSQL keeps the one that it was first started with. Put that into" \
        "postgres-password, or begin anew without its rows: docker compose down -v" >&2
    exit 1
fi
sql --dbname=postgres <<'SQL'
\getenv database PGDATABASE
SELECT format('CREATE DATABASE %I', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SQL
sql --single-transaction --file="$folder/schema.sql" \
    --command='\getenv password EXPORTER_PASSWORD' --file="$folder/exporter-role.sql"
# One transaction makes the demo's schema and all of its rows. Without the schema, rows are somebody's own.
empty=$(sql --command="SELECT to_regnamespace('demo') IS NULL AND NOT EXISTS (SELECT FROM deployments)")
if [ "$empty" = t ]; then
    sql --file="$folder/demo-history.sql"
fi
sql --command="SELECT 'Set up, with ' || count(*) || ' deployments.' FROM deployments"
