#!/bin/sh
# Adds deployments every five seconds.
set -eu
PGPASSWORD=$(cat /run/secrets/postgres-password)
export PGPASSWORD
while sleep 5; do
    # While the database restarts there are none.
    psql --quiet --no-psqlrc --file /database/demo-tick.sql || true
done
