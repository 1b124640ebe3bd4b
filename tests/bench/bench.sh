#!/bin/sh
# What tocsin costs, as one table beside floor and goal: `make bench`. Best on a machine that does nothing else. The parts are
# tests/bench/part-*.sh; what they share is in frame.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${BENCH_FOLDER:-${TMPDIR:-/tmp}}/tocsin-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
export folder
printf '%-4s %-66s %12s  %-18s %s\n' "" "what" "measured" "floor" "goal"
for part in "$here"/part-*.sh; do
	sh -eu -c '. "$1"; . "$2"' part "$here/frame.sh" "$part" || echo "${part##*/} failed"
done
