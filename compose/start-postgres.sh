#!/bin/sh
# In the postgres image: makes the server's folder, if there is none yet, and starts the server. The image's own
# entrypoint would take what an interrupted first start left of that folder for a whole one; this one has its
# name only once it is whole.
#
#   start-postgres.sh <command of the server>
set -eu
if ! [ -d "$PGDATA" ]; then
    rm -rf "$PGDATA.unfinished"
    mkdir -p "${PGDATA%/*}"
    # As the image's entrypoint makes it: with a password from other containers, without one in this.
    initdb --pgdata="$PGDATA.unfinished" --username="$POSTGRES_USER" --pwfile=/run/secrets/postgres-password \
        --encoding=UTF8 --auth=trust
    echo 'host all all all scram-sha-256' >> "$PGDATA.unfinished/pg_hba.conf"
    mv "$PGDATA.unfinished" "$PGDATA"
fi
exec "$@"
