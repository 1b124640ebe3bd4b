#!/bin/sh
# What the spine costs, as a table: `make bench`. BENCH_BYTES says how large the CSV is (default 1 GiB); BENCH_FOLDER where it is made (default $TMPDIR or /tmp).
set -eu
root=$(cd "${srcdir:-.}" && pwd)
built=$(cd "${builddir:-build}" && pwd)
tocsin=$built/tocsin
measure=$built/tests/bench/measure
bytes=${BENCH_BYTES:-1073741824}
folder=$(mktemp -d "${BENCH_FOLDER:-${TMPDIR:-/tmp}}/tocsin-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_STATE_HOME="$folder/state" LC_ALL=C.UTF-8 TZ=UTC
unset NO_COLOR TMUX

row() { printf '%-58s %12s  %s\n' "$1" "$2" "$3"; }
# median COLUMN: of five runs, each a line of numbers
median() { awk -v column="$1" '{ print $column }' "$folder/runs" | sort -n | sed -n 3p; }

row "what" "measured" "floor"
for _ in 1 2 3 4 5; do
	"$measure" screen orders-db "$tocsin" --roster "$root/samples/roster.conf" "$root/samples/checkout-incident.csv"
done >"$folder/runs"
row "sample, exec to the first kB on the terminal" "$(median 1) ms" ""
row "sample, exec to the first complete frame" "$(median 2) ms" ""
row "sample, exec to its services on the screen" "$(median 3) ms" "<= 50 ms"
row "sample, exec to the last change (the analysis is done)" "$(median 4) ms" ""
row "sample, bytes sent until then, 200x50" "$(median 5) B" ""

cp "$root/samples/checkout-incident.csv" "$folder/live.csv"
set -- $("$measure" follow "$folder/live.csv" 15 "$tocsin" --roster "$root/samples/roster.conf" "$folder/live.csv")
row "idle for 2 s, 200x50" "$1 B" "0 B"
row "one line appended, all panes live, 200x50: median" "$2 B" ""
row "the same, the dearest of 15 lines" "$3 B" ""

"$built/generate-incident" load "$bytes" >"$folder/load.csv"
cat "$folder/load.csv" >/dev/null # into the page cache, as far as it goes
row "tocsin stats and wc -l over $((bytes / 1048576)) MiB of CSV" "" ""
for _ in 1 2 3; do "$measure" run wc -l "$folder/load.csv"; done | sort -n | sed -n 2p >"$folder/wc"
for _ in 1 2 3; do "$measure" run "$tocsin" stats "$folder/load.csv"; done | sort -n | sed -n 2p >"$folder/stats"
read -r wc_wall wc_cpu _ <"$folder/wc"
read -r wall cpu resident <"$folder/stats"
row "  wall" "$(awk -v t="$wall" 'BEGIN { printf "%.2f s", t / 1000 }')" ""
row "  CPU" "$(awk -v t="$cpu" 'BEGIN { printf "%.2f s", t / 1000 }')" ""
row "  CPU of wc -l" "$(awk -v t="$wc_cpu" 'BEGIN { printf "%.2f s", t / 1000 }')" ""
row "  wall, against wc -l" "$(awk -v a="$wall" -v b="$wc_wall" 'BEGIN { printf "%.1f x", a / b }')" ""
row "  CPU, against wc -l" "$(awk -v a="$cpu" -v b="$wc_cpu" 'BEGIN { printf "%.1f x", a / b }')" "(step 2: <= 6 x)"
row "  peak resident" "$((resident / 1024)) MiB" "<= 64 MiB"
