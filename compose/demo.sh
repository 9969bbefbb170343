#!/bin/sh
# Adds deployments every five seconds.
PGPASSWORD=$(cat /run/secrets/postgres-password)
export PGPASSWORD
while sleep 5; do
    psql --quiet --no-psqlrc --file /database/demo-tick.sql
done
