#!/bin/sh
# How well messages are grouped: GA is the share of lines whose group is exactly the true one, FGA the F1 over groups.
# The sets in templates/ were written for the project: TRUE GROUP, tab, line.
. "${srcdir:-.}/tests/script/lib.sh"

# score NAME: sets $ga and $fga
score() {
	cut -f 1 "$tests_from/tests/eval/templates/$1.labelled" >"$1.truth"
	cut -f 2- "$tests_from/tests/eval/templates/$1.labelled" >"$1.log"
	run templates --assign --json --format text "$1.log"
	exits 0
	"$inspect" get template_id <"$out" >"$1.found"
	set -- $(paste "$1.truth" "$1.found" | awk -F '\t' '
		{ truth[$1]++; found[$2]++; both[$1 "\t" $2]++ }
		END {
			for (pair in both) {
				split(pair, of, "\t")
				if (both[pair] == truth[of[1]] && both[pair] == found[of[2]]) { lines += both[pair]; right++ }
			}
			for (group in truth) wanted++
			for (group in found) given++
			printf "%.3f %.3f\n", lines / NR, 2 * right / (wanted + given)
		}')
	ga=$1
	fga=$2
}

for set in gateway:0.950:0.950 login:0.950:0.950 storage:0.950:0.950; do
	name=${set%%:*}
	floor=${set#*:}
	score "$name"
	echo "$ga $fga ${floor%:*} ${floor#*:}" | awk '{ exit !($1 >= $3 && $2 >= $4) }' || fault "GA $ga, FGA $fga"
	test_is "$name: GA and FGA are at least ${floor%:*} and ${floor#*:}"
done
finish
