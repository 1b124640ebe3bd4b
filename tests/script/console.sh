#!/bin/sh
# The console, driven by scripts: what a person types at its prompt and what then stands on the screen, in the database, or nowhere.
. "${srcdir:-.}/tests/script/lib.sh"

# drive ARGUMENT... <<END: runs the console with the script on standard input.
drive() {
	cat >script
	run --roster "$samples/roster.conf" --script script "$@"
}

head -n 3 "$samples/service-logs.csv" >early.csv
{ head -n 1 "$samples/service-logs.csv"; tail -n 2 "$samples/service-logs.csv"; } >late.csv
printf 'timestamp,service,level,message\n2025-05-17T20:40:00,billing,ERROR,ledger is closed\n' >between.csv

drive early.csv late.csv <<'END'
size 80x24
keys :
type open between.csv
keys Enter
idle
dump
END
exits 0
prints "3 sources"
grep -oE '^20:(39:1|40:0|41:1)' "$out" | uniq >order # only the rows of the tail begin with a time
equal "$(tr '\n' ' ' <order)" "20:39:1 20:40:0 20:41:1 " "the order of times in the tail"
test_is ":open merges the new source by time"

drive early.csv <<'END'
size 120x30
keys :
type open nowhere.csv
keys Enter
idle
dump
END
prints "there is no nowhere.csv yet"
prints "nowhere.csv waiting"
test_is ":open of what is not there waits for it, and says so"

drive - <<'END'
size 120x30
keys :
type open between.csv
keys Enter
idle
dump
END
prints "it stands behind what cannot be read again"
test_is ":open loses nothing of what cannot be read again"

drive early.csv <<'END'
size 120x30
keys :
type set detect.fatal-count 2
keys Enter
idle
dump
keys :
type set detect.fatal-count many
keys Enter
idle
dump
keys :
type set theme nowhere
keys Enter
idle
dump
keys :
type set format csv
keys Enter
idle
dump
END
prints "detect.fatal-count = 2"
prints '"many" is not a whole number'
prints 'there is no theme "nowhere"'
prints "format cannot change while the console runs"
test_is ":set changes what can change, and refuses the rest with a reason"

mkdir -p "$XDG_CONFIG_HOME/tocsin"
printf '[detect]\nfatal-count = 3\n' >"$XDG_CONFIG_HOME/tocsin/tocsin.conf"
drive early.csv <<'END'
size 120x30
keys F5
idle
dump
END
prints "roster and theme are read again"
test_is ":reload reads the configuration, the roster and the theme again"
rm -r "$XDG_CONFIG_HOME"

drive --replay=60 "$samples/checkout-incident.csv" <<'END'
size 120x40
keys :
type goto 20:45
keys Enter
idle
dump
END
prints "2 proposed"
omits "20:46:1"
run tickets list --json
prints_nothing
test_is "a replay is a drill: its tickets stay in memory"

drive "$samples/checkout-incident.csv" <<'END'
size 120x40
idle
keys :
type approve
keys Enter Enter Enter
idle
keys Esc
dump
END
run tickets list --json
gives state proposed proposed
test_is "Enter never approves"

drive "$samples/checkout-incident.csv" <<'END'
size 120x40
idle
keys :
type approve
keys Enter y
idle
dump
END
run tickets list --json
gives state approved proposed
test_is "the preview and y approve, and a later tocsin sees it"

drive --db none "$samples/checkout-incident.csv" <<'END'
size 160x45
idle
keys i
type how many errors in payment-service after 20:40
keys Enter
idle
keys i
type and in inventory-service?
keys Enter
idle
dump
END
prints "504 errors in payment-service"
prints "457 errors in inventory-service"
test_is "a question and a follow-up are answered at the prompt"

finish
