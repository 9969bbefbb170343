#!/bin/sh
# Runs a program, unless one of the container's secrets can't be read or is empty.
#
#   with-secrets.sh <program> [<argument>]...
set -eu
for file in /run/secrets/*; do
    if ! secret=$(cat "$file") || [ -z "$secret" ]; then
        echo "$file is empty, or user $(id -u) of this container can't read it. Passwords are files of mode 444 in a" \
            "folder of mode 700: docs/operations.md, With Docker Compose." >&2
        exit 1
    fi
done
exec "$@"
