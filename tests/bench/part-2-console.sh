# B5: what a person waits for, and what a line carries.
input load.csv "$bytes" load
watch() { # watch NAME TEXT COMMAND...
	name=$1
	shift
	round=0
	rm -f "$folder/$name.runs"
	while [ "$round" -lt "$rounds" ]; do
		"$measure" screen "$@" >>"$folder/$name.runs" || echo "0 0 0 0 0" >>"$folder/$name.runs"
		round=$((round + 1))
	done
}
watch large gateway "$tocsin" "$folder/load.csv"
row B5 "exec to the first frame of $((bytes / 1048576)) MiB" "$(median large 2) ms" "<= 30 ms" "<= 5 ms"
row "" "  to its services on the screen" "$(median large 3) ms" "" ""
watch sample orders-db "$tocsin" --roster "$root/samples/roster.conf" "$root/samples/checkout-incident.csv"
row "" "sample, exec to the first frame" "$(median sample 2) ms" "" ""
row "" "  to its services on the screen" "$(median sample 3) ms" "<= 50 ms" ""
row "" "  to the last change (the analysis is done)" "$(median sample 4) ms" "" ""
row "" "  bytes sent until then, 200x50" "$(median sample 5) B" "" ""

cp "$root/samples/checkout-incident.csv" "$folder/live.csv"
"$measure" follow "$folder/live.csv" 15 "$tocsin" --roster "$root/samples/roster.conf" "$folder/live.csv" >"$folder/follow"
read -r idle each most <"$folder/follow"
row B9 "bytes in 2 s of silence, 200x50" "$idle B" "0 B" "0 B"
row "" "one line appended, all panes live: median, and most of 15" "$each B" "" "$most B"
