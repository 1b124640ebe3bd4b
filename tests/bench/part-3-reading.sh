# B6 to B9: what asking costs, and what a live line does.
input load.csv "$bytes" load
"$built/tests/bench/search" --any 20000 "$folder/load.csv" >"$folder/any"
read -r half most <"$folder/any"
row B6 "any line on demand: p50, and p99" "$half us" "<= 50 us" "<= 10 us; $most us"
"$built/tests/bench/store" >"$folder/store"
of_filter() { awk -v filter="$1" '/^filter/ && $NF == filter { print $3 }' "$folder/store"; }
row "" "filter 10 M lines by service" "$(of_filter service:service-3) ms" "<= 20 ms" "<= 5 ms"
row "" "  by level" "$(of_filter 'level>=error') ms" "<= 20 ms" "<= 5 ms"
row "" "  by template" "$(of_filter template:12) ms" "<= 20 ms" "<= 5 ms"

# A phrase that is nowhere, one in every tenth line, one in few: CPU of the search alone, the log being indexed, against rg.
for phrase in 'pool exhausted' 'reserved sku' 'user u0203'; do
	cat "$folder/load.csv" >/dev/null
	"$built/tests/bench/search" "$folder/load.csv" "\"$phrase\"" >"$folder/ours"
	read -r ours _ <"$folder/ours"
	row B7 "search $((bytes / 1048576)) MiB for \"$phrase\", CPU" "$ours ms" "" ""
	have rg || continue
	alternate rg "sh -c \"rg -c -i -F '$phrase' '$folder/load.csv'; true\"" # rg fails where nothing matches
	row "" "  against rg -c -i -F" "$(ratio "$ours" "$(median rg 2)")" "<= 2 x" "<= 1 x"
done

"$built/tests/bench/live" 100 >"$folder/parsed"
read -r half most _ <"$folder/parsed"
row B8 "10 lines/s, write() to parsed: p99, and p50" "$most us" "<= 200 us" "<= 50 us; $half us"
cp "$root/samples/checkout-incident.csv" "$folder/live.csv"
"$measure" visible "$folder/live.csv" 60 "$tocsin" --db none "$folder/live.csv" >"$folder/visible"
read -r half _ <"$folder/visible"
row "" "  write() to visible, p50" "$half ms" "<= 40 ms" "1 frame"
cp "$root/samples/checkout-incident.csv" "$folder/live.csv"
"$measure" flood "$folder/live.csv" 1000 10 "$tocsin" --db none "$folder/live.csv" >"$folder/flood"
row B9 "1000 lines/s, every pane live, 200x50" "$(cat "$folder/flood") B/s" "<= 6000 B/s" "<= 2000 B/s"
