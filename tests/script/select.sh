#!/bin/sh
# What --filter, --since, --until and the expression of `search` let through, for every command.
. "${srcdir:-.}/tests/script/lib.sh"
log=$samples/service-logs.csv
rows() { sed 1d "$log" | grep -cE -- "$1"; }
count() {
	run stats --json "$@" "$log"
	exits 0
	value records
}

equal "$(count -f 'level>=error')" "$(rows ',(ERROR|FATAL),')" "ERROR and worse"
equal "$(count -f 'level:warn')" "$(rows ',WARN,')" "WARN"
equal "$(count -f 'service:payment*')" "$(rows ',payment-service,')" "of payment-service"
equal "$(count -f 'service:gateway,auth-service')" "$(rows ',(gateway|auth-service),')" "of two services"
equal "$(count -f '-service:gateway')" "$(rows ',(inv|auth|pay|ord|not)[a-z-]*,')" "of all others"
equal "$(count --filter 'service:gateway level=info | service:auth-service')" "$(rows ',gateway,INFO,|,auth-service,')" "either"
equal "$(count -f 'stock')" "$(rows '[Ss]tock')" "with a word"
equal "$(count -f '"Stock reservation"')" "$(rows 'Stock reservation')" "with a phrase"
equal "$(count -f '/^(Stock|Low) /')" "$(rows ',(Stock|Low) [^,]*$')" "by an expression"
equal "$(count -f 'zebra')" 0 "with a word that is nowhere"
test_is "--filter counts what grep counts"

equal "$(count --since 20:40)" "$(rows '^2025-05-17T20:4')" "since 20:40"
equal "$(count --until 20:40)" "$(rows '^2025-05-17T20:39')" "until 20:40"
equal "$(count --since 20:40:00 --until 2025-05-17T20:41)" "$(rows '^2025-05-17T20:40')" "in one minute"
equal "$(count --since 20:39:24.921897)" 48 "since the moment of a record"
equal "$(count --since 10m)" 52 "since ten minutes before the end"
equal "$(count --since 20:40 -f 'service:gateway | service:auth-service')" "$(rows '^2025-05-17T20:4.*,(gateway|auth-service),')" "since, of either"
equal "$(count --since 22:40 --tz +02:00 | tail -n 1)" 0 "since 22:40 where 20:40 is the time written"
test_is "--since includes its moment, --until does not"

run stats --since yesterday "$log"
exits 2
says yesterday
test_is "a time that cannot be read is 2 and named"

for command in templates anomalies timeline 'search error' 'ask errors' analyze; do
	# shellcheck disable=SC2086
	run $command --json --db none -f 'service:gateway' --since 20:40 "$log"
	exits 0
	for other in inventory-service auth-service payment-service; do
		"$inspect" get services <"$out" | grep -q "$other" && fault "$command_line: $other is there" "$out"
	done
done
test_is "every command sees only what is let through"

run search --json --limit 3 '' "$log"
prints_lines 3
gives line 2 3 4
run templates --json -n 2 "$log"
prints_lines 2
run anomalies --json --limit 1 "$samples/checkout-incident.csv"
prints_lines 1
test_is "--limit"

run search --json 'source:service-logs.csv level:fatal' "$log" "$samples/checkout-incident.csv"
gives level FATAL FATAL
run search --json 'line:2' "$log" "$samples/checkout-incident.csv"
prints_lines 2
test_is "a source and a line can be named"

run templates --json "$log"
id=$(value id)
wanted=$(value count)
run search --json "template:$id" "$log"
prints_lines "$wanted"
test_is "a template that was listed can be searched"

run search 'reservation level:error' "$log"
exits 0
prints "20:39:51.921 E inventory-service  Stock reservation failed"
run search --tz +02:00 'reservation level:error' "$samples/checkout-incident.csv"
exits 0
test_is "text shows time, level, service and message"
# More records than the console looks at in one turn, and nothing else happens that would make it go on.
{
	echo timestamp,service,level,message
	seq 60000 | awk '{ printf "2025-05-17T%02d:%02d:%02d,app,INFO,step %d %s\n",
		$1 / 3600, $1 / 60 % 60, $1 % 60, $1, $1 % 20000 ? "hay" : "needle" }'
} >long.csv
printf 'size 100x30\nkeys &\ntype needle\nkeys Enter\nidle\ndump\n' >filter.script
run --db none --script filter.script long.csv
exits 0
prints "3 of 60,000"
printf 'size 100x30\nkeys g /\ntype step 55000\nkeys Enter\nidle\ndump\n' >search.script
run --db none --script search.script long.csv
exits 0
prints "step 55000 hay"
test_is "the console's filter and search go on to the end of a long log"

finish
