#!/bin/sh
# CSV as people have it: any order, any case, quotes, line ends, missing things. Nothing is lost, and what does not fit is counted and said.
. "${srcdir:-.}/tests/script/lib.sh"

# messages FILE WANTED...: what `search` gives as messages, in order
messages() {
	file=$1
	shift
	run search --json '' "$file"
	exits 0
	gives message "$@"
}

printf 'timestamp,service,level,message\n2025-05-17T20:39:15.921897,gateway,DEBUG,first\n2025-05-17T20:39:16,auth,ERROR,second\n' >plain.csv
run search --json '' plain.csv
exits 0
gives time 2025-05-17T20:39:15.921897Z 2025-05-17T20:39:16Z
gives service gateway auth
gives level DEBUG ERROR
gives message first second
gives line 2 3
gives source plain.csv plain.csv
test_is "the plain form"

printf 'message,level,timestamp,service\nfirst,DEBUG,2025-05-17T20:39:15,gateway\n' >order.csv
run search --json '' order.csv
gives service gateway
gives level DEBUG
gives message first
gives time 2025-05-17T20:39:15Z
test_is "columns in any order"

printf 'Time,Severity,Component,Msg\n2025-05-17 20:39:15,warning,gateway,first\n' >alias.csv
run search --json '' alias.csv
gives service gateway
gives level WARN
gives message first
gives time 2025-05-17T20:39:15Z
test_is "other names for the columns, in any case"

printf 'timestamp,host,service,level,zone,message\n2025-05-17T20:39:15,h1,gateway,INFO,eu-1,first\n2025-05-17T20:39:16,h2,gateway,INFO,us-1,second\n' >extra.csv
run search --json 'field.zone=eu-*' extra.csv
gives message first
run search --json 'field.host:h2' extra.csv
gives message second
test_is "further columns are fields that can be searched"

printf '\357\273\277timestamp,service,level,message\r\n2025-05-17T20:39:15,gateway,INFO,first\r\n2025-05-17T20:39:16,gateway,INFO,"second, quoted"\r\n' >windows.csv
messages windows.csv first "second, quoted"
gives line 2 3
run stats --json windows.csv
gives unparsed 0
gives lines 3
test_is "a byte-order mark and CRLF"

printf 'timestamp,service,level,message\n2025-05-17T20:39:15,gateway,ERROR,"a ""quoted"" word,\nand a second line\nand a third"\n2025-05-17T20:39:16,gateway,INFO,after\n' >quotes.csv
run search --json '' quotes.csv
equal "$("$inspect" get message <"$out" | tr '\n' '|')" 'a "quoted" word,|and a second line|and a third|after|' "messages"
gives line 2 5
prints_lines 2
run stats --json quotes.csv
gives records 2
gives lines 5
run search 'third' quotes.csv
exits 0
prints "and a third"
test_is "quoted commas, quotes and newlines"

printf 'timestamp,service,level,message\n' >levels.csv
for level in debug Info WARN warning eRRor err FATAL critical notice panic trace '' nonsense; do
	printf '2025-05-17T20:39:15,gateway,%s,is %s\n' "$level" "$level"
done >>levels.csv
run search --json '' levels.csv
gives level DEBUG INFO WARN WARN ERROR ERROR FATAL FATAL INFO FATAL TRACE UNKNOWN UNKNOWN
run stats --json levels.csv
gives unparsed 1
test_is "levels in any case; an unknown one is counted as not parsed"

printf 'ts,level,message\n' >times.csv
for time in 2025-05-17T20:39:15 '2025-05-17 20:39:15.5' 2025-05-17T22:39:15+02:00 2025-05-17T20:39:15,25Z 2025-05-17T20:39 2025-02-30T00:00:00; do
	printf '"%s",INFO,x\n' "$time"
done >>times.csv
run search --json '' times.csv
gives time 2025-05-17T20:39:15Z 2025-05-17T20:39:15.500Z 2025-05-17T20:39:15Z 2025-05-17T20:39:15.250Z 2025-05-17T20:39:00Z null
run search --json --tz +02:00 '' times.csv
gives time 2025-05-17T18:39:15Z 2025-05-17T18:39:15.500Z 2025-05-17T20:39:15Z 2025-05-17T20:39:15.250Z 2025-05-17T18:39:00Z null
run search --json --tz Europe/Berlin '2025' plain.csv
exits 0
test_is "ISO 8601 with and without zone and fraction; an impossible time is none"

printf '2025-05-17T20:39:15,gateway,INFO,first\n2025-05-17T20:39:16,auth,ERROR,second\n' >headless.csv
run search --json '' headless.csv
exits 0
gives message first second
gives service gateway auth
gives line 1 2
says "header"
test_is "no header: the usual columns are taken, and that is said"

printf 'timestamp,service,message\n2025-05-17T20:39:15,gateway,first\n' >short.csv
run search --json '' short.csv
exits 0
gives message first
gives level UNKNOWN
says "level"
printf 'level,message\nINFO,first\n' >timeless.csv
run search --json '' timeless.csv
exits 0
gives time null
gives service timeless
says "time"
run timeline timeless.csv
exits 0
run analyze --db none timeless.csv
exits 0
test_is "a missing column is said, and the rest goes on"

{
	printf 'timestamp,service,level,message\n2025-05-17T20:39:15,gateway,INFO,good\n'
	printf 'garbage without any comma\n'
	printf 'not a time,gateway,INFO,bad time\n'
	printf '2025-05-17T20:39:17,gateway,INFO,commas, without, quotes\n'
	printf '2025-05-17T20:39:18,gateway\n'
	printf '2025-05-17T20:39:19,gateway,INFO,"never closed\n'
	printf '2025-05-17T20:39:20,gateway,INFO,last\n'
} >bad.csv
run stats --json bad.csv
exits 0
gives records 7
gives unparsed 4
gives loss.lost 0
run search --json 'last' bad.csv
gives line 8
run search --json 'garbage' bad.csv
gives message 'garbage without any comma'
run search --json 'commas' bad.csv
gives message 'commas, without, quotes'
test_is "bad rows are kept as text and counted; an open quote does not swallow the rest"

printf 'timestamp,service,level,message\r2025-05-17T20:39:15,gateway,INFO,first\r2025-05-17T20:39:16,gateway,INFO,second' >returns.csv
messages returns.csv first second
printf 'timestamp,service,level,message\n2025-05-17T20:39:15,gateway,INFO,no newline at the end' >cut.csv
messages cut.csv "no newline at the end"
printf 'timestamp,service,level,message\n' >header.csv
run stats --json header.csv
exits 0
gives records 0
test_is "CR alone, no newline at the end, a header alone"

{ printf 'timestamp,service,level,message\n2025-05-17T20:39:15,gateway,INFO,'; head -c 3000000 /dev/zero | tr '\0' x; printf '\n2025-05-17T20:39:16,gateway,INFO,after\n'; } >huge.csv
run search --json after huge.csv
exits 0
gives message after
run stats --json huge.csv
exits 0
equal "$(value loss.truncated)" 1 "records cut short"
test_is "a row of 3 MB is cut short and counted"

head -c 200000 /dev/urandom >noise.csv
run stats --json noise.csv
exits 0
run analyze --db none noise.csv
exits 0
is_fit_to_show
test_is "noise is survived"

printf 'timestamp,service,level,message\n2025-05-17T20:39:14,a,INFO,one\n2025-05-17T20:39:16,a,INFO,three\n' >left.csv
printf 'message,timestamp\nfour,2025-05-17T20:39:17\ntwo,2025-05-17T20:39:15\n' >right.csv
run search --json '' left.csv right.csv
exits 0
gives message one three four two
sort -r right.csv >sorted.csv
printf '2025-05-17T20:39:15 ERROR text two\njust text\n' >plain.log
run search --json '' left.csv plain.log
gives message one "text two" "just text" three
gives service a plain plain a
test_is "several sources are merged by time"

"$tocsin" search --json '' - <plain.csv >"$out" 2>"$err"
status=$?
command_line="tocsin search '' -"
exits 0
gives message first second
sed 1d plain.csv | "$tocsin" stats --json plain.csv - >"$out" 2>"$err"
gives records 4
test_is "standard input is a source"

mkfifo pipe
cp plain.csv vanishing.csv
"$tocsin" search --json '' vanishing.csv - <pipe >"$out" 2>"$err" &
exec 3>pipe
printf 'timestamp,service,level,message\n' >&3
# more than a pipe holds: when all of it is written, the program has opened its sources and reads
awk 'BEGIN { for (i = 0; i < 3000; i++) print "2025-05-17T20:40:00,piped,INFO,line " i " that is long enough to fill the pipe" }' >&3
rm vanishing.csv
exec 3>&-
wait $!
status=$?
command_line="tocsin search '' vanishing.csv -"
[ "$status" -eq 0 ] || exits 3
members '=source:s,line:n0,time:t0,service:s,level:s,template:n,message:s'
prints_lines 3002
test_is "a file that vanishes while it is read: what was counted is listed, and no crash"

for file in plain order alias extra windows quotes levels times headless short timeless bad returns cut huge noise; do
	for command in stats templates anomalies timeline 'ask errors'; do
		# shellcheck disable=SC2086
		run $command $file.csv
		exits 0
		is_fit_to_show
	done
done
test_is "every command survives every form"
finish
