#!/bin/sh
# Writes the AOT cache: starts the exporter, opens its pages, ends it. The cache then holds the classes
# as they were loaded and linked. No database answers, so the reading of rows is not in it.
#
#   train.sh <command that starts the exporter and writes a cache when it ends>
set -eu
port=${PORT:-9079}
pages="http://127.0.0.1:$port"

DATABASE_URL=postgresql://127.0.0.1:1/none LISTEN_ADDRESS="127.0.0.1:$port" LOG_LEVEL=error "$@" &
exporter=$!

until wget -q -O /dev/null "$pages/-/healthy"; do
    kill -0 "$exporter"
    sleep 1
done 2>/dev/null
get() { wget -q -O /dev/null "$@" 2>/dev/null || true; }      # without figures some answer 503
for _ in 1 2 3; do
    get "$pages/"
    get "$pages/openapi.json"
    get "$pages/-/ready"
    get "$pages/metrics"
    get --header 'Accept: application/openmetrics-text; version=1.0.0' --header 'Accept-Encoding: gzip' "$pages/metrics"
    get "$pages/api/v1/network-split"
    get "$pages/api/v1/template-adoption?network=metis&days=7"
done

kill "$exporter"
wait "$exporter" || test $? -eq 143                           # 128 + SIGTERM
