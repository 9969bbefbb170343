#!/bin/sh
# In the exporter's image: writes the last HISTORY_DAYS days as files that Prometheus can load, unless
# Prometheus has run before.
#
#   write-history.sh <folder for the files> <Prometheus' data> <command of the exporter>
set -eu
history=$1 data=$2
shift 2
if [ -d "$data/wal" ]; then
    echo "Prometheus has samples of its own: no history is written."
    exit 0
fi
rm -rf "$history/files"
from=$(date -u -d "@$(($(date +%s) - HISTORY_DAYS * 86400))" +%Y-%m-%d)
# As prometheus.yml labels what it scrapes.
exec "$@" backfill --from "$from" --output "$history/files/" \
    --label job=deployment-exporter --label instance=exporter:9079
