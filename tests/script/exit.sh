#!/bin/sh
# What goes wrong outside: the exit code, a sentence that names the place, and as much of the result as can be had.
. "${srcdir:-.}/tests/script/lib.sh"
good=$samples/service-logs.csv

run stats "$good"
exits 0
says_nothing
prints "52 records"
test_is "a good source is 0"

run stats --json absent.csv
exits 3
says "absent.csv"
prints_nothing
test_is "a missing file is 3"

run stats --replay=60 "$good"
exits 2
says "--replay plays in the console"
prints_nothing
test_is "a replay without the console is 2: it would tell the whole log"

mkdir folder
run stats --json folder
exits 3
says "folder: no logs in it"
gives records 0
test_is "a folder without logs is 3"

cp "$good" folder/
run stats --json folder
exits 0
says_nothing
test_is "a folder with logs is 0"

ln -s nowhere.csv dangling.csv
run stats dangling.csv
exits 3
says "dangling.csv"
test_is "a link to nowhere is 3"

# Root reads every file of a disk, but not this one: it may only be written.
closed=/proc/sys/vm/drop_caches
if [ "$(id -u)" -ne 0 ]; then
	closed=closed.csv
	cp "$good" closed.csv
	chmod 000 closed.csv
fi
run stats $closed
exits 3
says "$closed"
test_is "a file without permission is 3"

if [ -r /proc/self/mem ]; then
	run stats /proc/self/mem
	exits 3
	test_is "a file that opens but cannot be read is 3"
else
	skip "a file that opens but cannot be read is 3" "no /proc/self/mem"
fi

gzip -c "$good" >whole.gz
head -c $(($(wc -c <whole.gz) * 2 / 3)) whole.gz >broken.csv.gz
run stats --json broken.csv.gz
exits 3
says "broken.csv.gz: broken archive"
[ "$(value records)" -gt 0 ] || fault "$command_line: nothing of what can be read"
tar cf - -C "$(dirname "$good")" "$(basename "$good")" | head -c 4000 >broken.tar
run stats --json broken.tar
exits 3
says "broken archive"
test_is "an archive that cannot be read to its end is 3, and what came before counts"

: >empty.csv
for command in stats templates anomalies timeline 'search x' 'ask errors' analyze; do
	# shellcheck disable=SC2086
	run $command empty.csv
	exits 0
done
run stats --json empty.csv
exits 0
gives records 0
gives first null
gives last null
run search --json '' empty.csv
exits 0
prints_nothing
run analyze --json --db none empty.csv
exits 0
prints_lines 1
test_is "an empty file has 0 records and is 0"

printf '\n\n\r\n  \n' >blank.csv
run stats --json blank.csv
exits 0
gives records 0
test_is "a file of blank lines has 0 records and is 0"

for command in stats templates anomalies timeline 'search payment' 'ask how'; do
	# shellcheck disable=SC2086
	run $command --json absent.csv "$good"
	exits 3
	says "absent.csv"
	[ -s "$out" ] || [ "$command" = anomalies ] || fault "$command_line: no result"
done
run stats --json "$good" absent.csv
exits 3
says "absent.csv"
gives records 52
run analyze --json --db none absent.csv "$good"
exits 3
members "$analysis"
test_is "one good and one bad source: results, and 3"

run stats --no-such-option "$good"
exits 2
says "--no-such-option"
prints_nothing
run stats --filtre x "$good"
exits 2
says "--filter"
run stats -Q "$good"
exits 2
run stats "$good" --format
exits 2
says "--format"
run stats --limit many "$good"
exits 2
says "limit"
says "many"
run stats --replay=-1 "$good"
exits 2
says "replay"
test_is "a bad option is 2 and named, with what may have been meant"

run stats --format nonsense "$good"
exits 2
says "nonsense"
run stats --tz Nowhere/Atall "$good"
exits 2
says "Nowhere/Atall"
run stats --roster absent.conf "$good"
says "absent.conf"
[ "$status" -eq 2 ] || [ "$status" -eq 3 ] || fault "$command_line: exit $status"
run ask
exits 2
run search
exits 2
test_is "a value that cannot be is 2 and named"

for expression in 'level>=wrong' '(pool' '/(/' 'service:' 'pool (a | ' 'max=50'; do
	run search "$expression" "$good"
	exits 2
	prints_nothing
	says "$expression"
	equal "$(sed -n '2s/[ ^]//gp' "$err")" "" "the line below the filter holds a caret only"
	grep -qE '^ *\^$' "$err" || fault "$command_line: no caret" "$err"
	run stats -f "$expression" "$good"
	exits 2
	grep -qE '^ *\^$' "$err" || fault "$command_line: no caret" "$err"
done
run search 'pool level>=wrong' "$good"
equal "$(grep -E '^ *\^$' "$err" | wc -c)" 14 "the column of the caret"
test_is "a bad filter is 2, with a caret at the fault"

mkdir -p "$XDG_CONFIG_HOME/tocsin"
conf=$XDG_CONFIG_HOME/tocsin/tocsin.conf
printf '# comment\n\nlimit = many\n' >"$conf"
run stats "$good"
exits 2
says "$conf:3"
says limit
says many
printf '[detect]\nfatal-count = 5\nno-such-thing = 1\n' >"$conf"
run stats "$good"
exits 2
says "$conf:3"
says detect.no-such-thing
printf 'limit\n' >"$conf"
run stats "$good"
exits 2
says "$conf:1"
rm "$conf"
run stats --config-file absent.conf "$good"
exits 2
says absent.conf
printf '[owners]\n' >roster.conf
printf '[nowhere]\na = b\n' >>roster.conf
run stats --roster roster.conf "$good"
exits 2
says roster.conf:3
test_is "a bad configuration is 2 and names file, line and key"

run stats --json --db none --theme nonsense "$good"
exits 0
run tickets list --db /dev/null/nowhere.db
exits 1
says /dev/null/nowhere.db
printf 'this is no database, it is a text that somebody wrote by mistake into this place\n' >text.db
run tickets list --db text.db
exits 1
says text.db
test_is "a database that cannot be had is 1"

run analyze --json --db /dev/null/nowhere.db "$good"
exits 1
[ -s "$out" ] || fault "$command_line: the report is lost with the tickets"
test_is "analyze reports also when its tickets cannot be kept"

for command in stats templates 'search e' analyze formats themes config '--help' manual 'tickets list'; do
	status=0
	# shellcheck disable=SC2086
	"$tocsin" $command "$good" >/dev/full 2>"$err" </dev/null || status=$?
	command_line="tocsin $command >/dev/full"
	[ "$command" = "tickets list" ] || exits 1
	[ "$command" = "tickets list" ] || says "standard output"
done
test_is "a full disk behind the output is 1"

awk 'BEGIN { print "timestamp,service,level,message"; for (i = 0; i < 20000; i++) print "2025-05-17T20:39:15,gateway,INFO,a message long enough to fill the pipe " i }' >long.csv
for command in 'search message' 'search --json message' 'search zzz'; do
	# shellcheck disable=SC2086
	{ "$tocsin" $command long.csv 2>"$err" </dev/null; echo $? >status; } | head -n 1 >"$out"
	status=$(cat status)
	command_line="tocsin $command | head -n 1"
	exits 0
	says_nothing
done
test_is "a reader that has seen enough is no failure"

"$tocsin" stats "$good" >&- 2>"$err" </dev/null
status=$?
command_line="tocsin stats >&-"
exits 1
test_is "no output at all is 1"

for command in --help -h 'stats --help' --version -V manual; do
	# shellcheck disable=SC2086
	run $command
	exits 0
	says_nothing
	[ -s "$out" ] || fault "$command_line: prints nothing"
done
run --help
for command in analyze ask stats templates anomalies timeline search tickets formats themes config manual; do prints "tocsin $command"; done
test_is "help, version and manual are 0"

run stats -- "$good"
exits 0
cp "$good" stats
run stats -- stats
exits 0
prints "52 records"
run --plain --db none -- stats
exits 0
test_is "-- ends the options, and a file may be called like a command"
finish
