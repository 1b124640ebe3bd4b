#!/bin/sh
# The life of tickets from the command line, each step in a process of its own: nothing is kept but what is on disk.
. "${srcdir:-.}/tests/script/lib.sh"
log=$samples/checkout-incident.csv
roster=$samples/roster.conf
analyze() {
	run analyze --json --roster "$roster" "$log"
	exits 0
}
tickets() { run tickets "$@"; }
# state ID STATE: as the list shows it
state() {
	tickets list --json
	exits 0
	equal "$(grep "\"id\":$1," "$out" | "$inspect" get state)" "$2" "state of T-$1"
}

tickets
exits 0
tickets list --json
exits 0
prints_nothing
tickets show 1
exits 2
says T-1
test_is "a new desk is empty"

analyze
tickets list --json
prints_lines 2
gives id 1 2
gives state proposed proposed
gives service orders-db payment-service
gives assignee dana tomas
gives severity critical high
gives count 9 14
test_is "two FATAL templates are proposed, for the people of the roster"

printf '[owners]\nnobody-there = nora\n' >other.conf
run analyze --json --roster other.conf --db other.db "$log"
run tickets list --json --db other.db
gives assignee '' ''
run analyze --json --db none "$log"
exits 0
tickets list --json
prints_lines 2
test_is "nobody is suggested whom no roster names, and --db none keeps nothing"

run tickets list --json --db "sqlite:other.db"
exits 0
prints_lines 2
run tickets list --db "elsewhere://ada:sesame@desk/tickets"
exits 2
says "a database is a file"
grep -q sesame "$err" && fault "the password of a database stands in the error"
test_is "a database may be named with its kind, and one of another kind is refused without repeating its password"

mkdir -p "$XDG_CONFIG_HOME/tocsin"
cp "$roster" "$XDG_CONFIG_HOME/tocsin/roster.conf"
run analyze --json --db third.db "$log"
run tickets list --json --db third.db
gives assignee dana tomas
rm -r "$XDG_CONFIG_HOME"
test_is "the roster of the configuration folder is found"

analyze
tickets list --json
prints_lines 2
gives count 9 14
test_is "the same analysis again proposes nothing again"

tickets list
exits 0
prints T-1
prints dana
tickets show T-1
exits 0
for text in orders-db "cannot obtain connection" cause steps evidence dana journal propose "[E"; do prints "$text"; done
tickets show 1 --json
exits 0
gives id 1
test_is "list and show"

tickets approve 1
exits 2
says "--yes"
state 1 proposed
printf 'no\n' | script -qec "$tocsin tickets approve 1" /dev/null >/dev/null 2>&1
state 1 proposed
printf '\n' | script -qec "$tocsin tickets approve 1" /dev/null >/dev/null 2>&1
state 1 proposed
printf 'y\n' | script -qec "$tocsin tickets approve 1" /dev/null >/dev/null 2>&1
state 1 proposed
test_is "approving needs more than a bare word: no, Enter, y and nobody to ask leave it proposed"

printf 'yes\n' | script -qec "$tocsin tickets approve 2" /dev/null >typescript 2>&1
grep -q 'capture failed' typescript || fault "the ticket is not shown before the question" typescript
state 2 approved
tickets approve 1 --yes
exits 0
prints approved
state 1 approved
tickets approve 1 --yes
exits 2
says approved
test_is "approving with yes, or --yes; twice is refused"

tickets assign 1 mika --actor lee
exits 0
prints mika
state 1 assigned
tickets resolve 2
exits 2
tickets ack 2
exits 2
state 2 approved
tickets ack 1
exits 0
state 1 acknowledged
tickets resolve 1
exits 0
state 1 resolved
tickets assign 1 ines
exits 2
test_is "assign, acknowledge, resolve, in this order only"

tickets reject 2
exits 2
says REASON
tickets reject 2 ''
exits 2
state 2 approved
tickets reject 2 'a test order'
exits 0
state 2 rejected
tickets show 2
prints "a test order"
analyze
state 1 resolved
state 2 rejected
test_is "rejecting needs a reason; what was closed is not proposed again by the same log"

tickets reopen 2
exits 0
state 2 approved
tickets reopen 1
exits 0
state 1 approved
tickets reopen 1
exits 2
test_is "reopening leads back to approved"

tickets undo 1
exits 0
state 1 resolved
tickets undo 1
exits 0
state 1 acknowledged
tickets undo 1
state 1 assigned
tickets undo 1
state 1 approved
tickets undo 1
state 1 proposed
tickets undo 1
exits 2
state 1 proposed
test_is "undo takes back one action after the other, down to the proposal"

tickets edit 1 title 'orders-db: pool too small'
exits 0
prints 'pool too small'
tickets edit 1 severity low
exits 0
tickets edit 1 severity huge
exits 2
says severity
tickets edit 1 colour red
exits 2
says title
tickets edit 1 title
exits 2
tickets list --json
equal "$(head -n 1 "$out" | "$inspect" get title)" 'orders-db: pool too small' title
equal "$(head -n 1 "$out" | "$inspect" get severity)" low severity
tickets undo 1
tickets undo 1
tickets list --json
equal "$(head -n 1 "$out" | "$inspect" get severity)" critical severity
test_is "editing, and undoing that"

tickets show 1
for text in "tester propose" "tester approve" "lee assign" "tester ack" "tester resolve" "tester reopen" "tester undo" "tester edit" "pool too small"; do prints "$text"; done
tickets show 2
prints "tester reject"
test_is "the journal tells who did what"

sed -n '1p' "$log" >later.csv
for second in 1 2 3 4 5 6 7; do echo "2025-05-17T21:00:0$second,orders-db,FATAL,\"cannot obtain connection, giving up\"" >>later.csv; done
run analyze --json --roster "$roster" later.csv
exits 0
tickets list --json
prints_lines 2
equal "$(head -n 1 "$out" | "$inspect" get last)" 2025-05-17T21:00:07Z "last seen"
test_is "the same trouble later extends the open ticket"

for verb in frob 'show x' 'show 99' 'show T-' 'show -- -1' 'assign 1' 'show 99999999999999999999' assign; do
	# shellcheck disable=SC2086
	tickets $verb
	exits 2
	prints_nothing
done
test_is "what is no ticket and no verb is 2"

tickets export
exits 0
prints T-1
prints T-2
tickets export --json
prints_lines 2
test_is "export"

printf 'timestamp,service,level,message\n' >few.csv
for second in 1 2 3 4; do echo "2025-05-17T21:00:0$second,search,FATAL,index lost" >>few.csv; done
run analyze --json --db few.db few.csv
run tickets list --json --db few.db
prints_nothing
mkdir -p "$XDG_CONFIG_HOME/tocsin"
printf '[detect]\nfatal-count = 4\n' >"$XDG_CONFIG_HOME/tocsin/tocsin.conf"
run analyze --json --db few.db few.csv
run tickets list --json --db few.db
prints_lines 1
gives count 4
rm -r "$XDG_CONFIG_HOME"
test_is "four are not enough, unless the configuration says so"

writers=4
for writer in 1 2 3 4; do
	"$tocsin" tickets edit 2 title "by $writer" --actor "w$writer" >"w$writer.out" 2>&1 </dev/null &
done
wait
tickets show 2
exits 0
equal "$(grep -c 'w[1-4] edit' "$out")" "$(cat w[1-4].out | grep -c '^T-2')" "journalled and accepted edits of $writers at once"
[ "$(grep -c 'w[1-4] edit' "$out")" -ge 1 ] || fault "nobody got through" w1.out
test_is "several at one desk at once: what was accepted is in the journal"
finish
