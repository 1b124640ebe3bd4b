# B1 to B4, B10, B12: reading and counting.
input load.csv "$bytes" load
csv=$folder/load.csv
mib=$((bytes / 1048576))

alternate wc "wc -l $csv" stats "$tocsin stats $csv" index "$tocsin timeline $csv" fast "$tocsin stats --fast $csv"
row B1 "$mib MiB of CSV, counts only (tocsin stats): CPU against wc -l" "$(ratio "$(median stats 2)" "$(median wc 2)")" "<= 6 x" "<= 3 x"
row B1 "the same, every record kept (tocsin timeline)" "$(ratio "$(median index 2)" "$(median wc 2)")" "<= 6 x" "<= 3 x"
row "" "  CPU of wc, of stats, of timeline" "$(seconds "$(median wc 2)")" "$(seconds "$(median stats 2)")" "$(seconds "$(median index 2)")"
row "" "  wall of wc, of stats, of stats --fast" "$(seconds "$(median wc 1)")" "$(seconds "$(median stats 1)")" "$(seconds "$(median fast 1)")"
row "" "  wall: stats, against stats --fast" "$(ratio "$(median stats 1)" "$(median fast 1)")" "" ""

if have lnav; then
	mkdir -p "$folder/.config/lnav/formats/bench" "$folder/config/lnav/formats/bench"
	cat >"$folder/config/lnav/formats/bench/bench.json" <<-'FORMAT'
		{ "bench_log": { "title": "bench", "regex": { "std": { "pattern": "^(?<timestamp>\\d{4}-\\d\\d-\\d\\dT[^,]+),(?<service>[^,]*),(?<level>[^,]*),(?<body>.*)$" } },
		  "level-field": "level", "value": { "service": { "kind": "string", "identifier": true } },
		  "sample": [ { "line": "2025-05-01T00:00:00.000000,gateway,INFO,GET /orders" } ] } }
	FORMAT
	cp "$folder/config/lnav/formats/bench/bench.json" "$folder/.config/lnav/formats/bench/"
	kept=$rounds
	rounds=3
	alternate lnav "lnav -n -c ':switch-to-view help' $csv" one "$tocsin timeline $csv" two "$tocsin timeline --fast $csv"
	rounds=$kept
	row B2 "wall of lnav opening it, against tocsin with one core" "$(ratio "$(median lnav 1)" "$(median one 1)")" ">= 6 x" "20 x"
	row B2 "the same, against tocsin --fast" "$(ratio "$(median lnav 1)" "$(median two 1)")" ">= 10 x" "20 x"
else
	row B2 "lnav is not here" "-" ">= 6 x, >= 10 x" "20 x"
fi

row B4 "resident, whole process, every record kept" "$(($(median index 3) / 1024)) MiB" "<= 64 MiB" "40 MiB"

some=$((bytes / 4))
input some.csv "$some" load
input some.json "$some" load-json
input some.nova "$some" load-nova
alternate csv "$tocsin stats $folder/some.csv" json "$tocsin stats $folder/some.json" nova "$tocsin stats $folder/some.nova"
row B3 "nova, bytes a second of CPU against CSV" "$(ratio "$(median csv 2)" "$(median nova 2)")" ">= 1.2 x" "1.8 x"
row B3 "lines of JSON, the same" "$(ratio "$(median csv 2)" "$(median json 2)")" ">= 1.0 x" "1.3 x"

"$built/tests/bench/store" 10000000 >"$folder/store"
row B4 "index, bytes a record (10 M records, made up)" "$(awk '/^heap/ { print $3 }' "$folder/store") B" "<= 4 B" "2.5 B"
row B12 "counts by service and level of a window of 10 M records" "$(awk '/^count, by service/ { print $5 }' "$folder/store") ms" "<= 10 ms" "1 ms"

lines=$(wc -l <"$folder/some.csv")
alternate pipe "sh -c 'cat $folder/some.csv | $tocsin stats --json - >$folder/piped'"
first() { grep -o "\"$1\":[0-9]*" "$folder/piped" | head -1 | cut -d: -f2; }
row B10 "lines a second by a pipe: $(first records) records of $lines lines, $(first lost) lost" \
	"$(awk -v n="$lines" -v t="$(median pipe 1)" 'BEGIN { printf "%.2f M", n / t / 1000 }')" ">= 0.5 M" "2 M"
rm -f "$folder"/some.*
