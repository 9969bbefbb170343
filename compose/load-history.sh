#!/bin/sh
# In Prometheus' image: makes blocks of the files that write-history.sh wrote, unless Prometheus has run
# before. Whatever interrupts it, the next run begins anew: Prometheus sees no part of a history.
#
#   load-history.sh <folder with the files> <Prometheus' data>
set -eu
history=$1 data=$2
if [ -d "$data/wal" ]; then
    echo "Prometheus has samples of its own: no history is loaded."
    exit 0
fi
# Blocks that Prometheus has never run with are those of a load that was cut off before its first start.
for block in "$data"/*/meta.json; do
    rm -rf "${block%/meta.json}"
done
rm -rf "$data/loading"
mkdir "$data/loading"
for file in "$history"/files/*.om; do
    echo "Loading $file"
    # For blocks of two hours, which is what it makes otherwise, promtool takes thirty times as long.
    TMPDIR="$history" promtool tsdb create-blocks-from --quiet --max-block-duration=240h \
        openmetrics "$file" "$data/loading"
    rm "$file"
done
mv "$data"/loading/* "$data"
rmdir "$data/loading"
