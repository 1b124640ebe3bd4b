#!/bin/sh
# The contract of --json (design.md, section 5): every command prints JSON and nothing else, with exactly these members.
. "${srcdir:-.}/tests/script/lib.sh"
log=$samples/checkout-incident.csv
levels='TRACE:n,DEBUG:n,INFO:n,WARN:n,ERROR:n,FATAL:n,UNKNOWN:n'
evidence='id:s,kind:s,source:s,line:n0,time:t0,text:s'
finding='kind:s,services:a,start:t0,end:t0,score:n,sentence:s,evidence:a'
ticket='id:n0,state:s,title:s,severity:s,service:s,assignee:s0,count:n,first:t,last:t,fingerprint:s'

run stats --json "$samples/service-logs.csv"
exits 0
says_nothing
prints_lines 1
ledger=read:n,bytes:n,records:n,parsed:n,unparsed:n,joined:n,header:n,blank:n,sampled:n,late:n,truncated:n,lost:n
members '=records:n,lines:n,bytes:n,unparsed:n,first:t,last:t,levels:o,services:a,templates:n,loss:o' "levels=$levels" \
	'services.*=name:s,records:n,errors:n' "loss=$ledger,sources:a" "loss.sources.*=source:s,$ledger"
gives records 52
gives lines 53
gives bytes "$(wc -c <"$samples/service-logs.csv")"
gives first 2025-05-17T20:39:15.921897Z
gives last 2025-05-17T20:41:11.921897Z
gives levels.ERROR 13
gives services.0.name gateway
test_is "stats"

run templates --json "$samples/service-logs.csv"
exits 0
says_nothing
members '=id:n,template:s,count:n,first:t,last:t,levels:o,services:a,example:s'
"$inspect" get count <"$out" >counts
equal "$(awk '{ n += $1 } END { print n }' counts)" 52 "occurrences of all templates"
equal "$(sort -rn counts | cmp - counts 2>&1)" "" "the order is by count"
equal "$("$inspect" get template <"$out" | sort | uniq -d)" "" "templates listed twice"
test_is "templates"

run anomalies --json "$log"
exits 0
members "=$finding" 'evidence.*=source:s,line:n0'
[ -s "$out" ] || fault "nothing was found in the sample incident"
"$inspect" get kind <"$out" | grep -vxE 'error_spike|latency_spike|memory_leak|connection_failure|cascade_failure|new_template|missing_template|threshold|fatal|summary' >.kinds
[ ! -s .kinds ] || fault "kinds that nobody has heard of" .kinds
test_is "anomalies"

run timeline --json -n 10 "$log"
exits 0
prints_lines 10
members '=start:t,end:t,levels:o,services:o' "levels=$levels"
equal "$("$inspect" get start <"$out" | tail -n +2)" "$("$inspect" get end <"$out" | head -n 9)" "spans join"
run stats --json "$log"
total=$(value records)
untimed=$("$tocsin" search --json '' "$log" 2>/dev/null | "$inspect" get time | grep -cx null)
run timeline --json -n 7 "$log"
equal "$("$inspect" get 'levels.*' <"$out" 2>/dev/null | awk '{ n += $1 } END { print n }')" "$((total - untimed))" "records in all spans"
test_is "timeline"

run search --json 'level>=error service:payment-service' "$samples/service-logs.csv"
exits 0
says_nothing
members '=source:s,line:n0,time:t0,service:s,level:s,template:n,message:s'
prints_lines 2
gives service payment-service payment-service
gives source "$samples/service-logs.csv" "$samples/service-logs.csv"
line=$(value line)
sed -n "${line}p" "$samples/service-logs.csv" | grep -qF "$(value message)" || fault "the message does not stand in the line that is named"
test_is "search"

run ask --json 'how many errors in payment-service' "$log"
exits 0
prints_lines 1
members '=question:s,answer:s,evidence:a,analyst:s' "evidence.*=$evidence"
gives question 'how many errors in payment-service'
gives analyst builtin
test_is "ask"

run analyze --json --issue 'checkout fails' --roster "$samples/roster.conf" "$log"
exits 0
prints_lines 1
members "$analysis" \
	'root_cause=service:s,component:s0,summary:s,change:s0,confidence:n' 'ranking.*=service:s,score:n' 'components.*=name:s,score:n' \
	"findings.*=$finding" "evidence.*=$evidence" 'claims.*=text:s,evidence:a,proven:b' "tickets.*=$ticket"
gives verdict root_cause
gives issue 'checkout fails'
gives root_cause.service orders-db
gives analyst builtin
gives tickets.0.assignee dana
test_is "analyze"

"$inspect" get 'claims.*.evidence.*' <"$out" | sort -u >cited
"$inspect" get 'evidence.*.id' <"$out" | sort -u >minted
[ -s cited ] || fault "no claim cites anything"
equal "$(comm -23 cited minted)" "" "evidence cited that is not listed"
equal "$("$inspect" get 'claims.*.proven' <"$out" | sort -u)" true "claims are proven"
"$inspect" get root_cause.summary <"$out" | grep -oE '\[E[0-9]+\]' | tr -d '[]' | sort -u >cited
equal "$(comm -23 cited minted)" "" "evidence cited by the cause that is not listed"
test_is "analyze: what is cited is listed and proven"

"$inspect" get 'evidence.*' <"$out" | grep '"kind":"line"' >lines
[ -s lines ] || fault "no line was cited"
while read -r item; do
	line=$(printf '%s\n' "$item" | "$inspect" get line)
	printf '%s\n' "$item" | "$inspect" get text >text
	sed -n "${line}p" "$log" | sed 's/""/"/g' | grep -qF "$(head -n 1 text)" || fault "line $line does not hold \"$(head -n 1 text)\""
done <lines
test_is "analyze: evidence stands in the line that is named"

grep -qE '^- ' "$err" || fault "no step was streamed" "$err"
test_is "analyze: the reasoning goes to stderr"

run analyze --json --db none "$samples/service-logs.csv"
exits 0
members "$analysis"
test_is "analyze: the same members for a log without an incident"

run tickets list --json
exits 0
prints_lines 2
members "=$ticket"
gives state proposed proposed
test_is "tickets list"

run formats --json
exits 0
members '=name:s,summary:s'
grep -q '"csv"' "$out" || fault "csv is not listed" "$out"
test_is "formats"

mkdir -p "$XDG_CONFIG_HOME/tocsin"
cp -r "$tests_from/themes" "$XDG_CONFIG_HOME/tocsin/themes" # a build elsewhere than in build/ finds none beside it
run themes --json
exits 0
members '=name:s,path:s'
for theme in default light mono; do grep -q "\"$theme\"" "$out" || fault "$theme is not listed" "$out"; done
test_is "themes"

run config --json
exits 0
members '=name:s,value:s0,origin:s'
test_is "config"

run --json --db none "$samples/service-logs.csv"
exits 0
prints_lines 1
gives analyst builtin
test_is "no command without a terminal is analyze"
finish
