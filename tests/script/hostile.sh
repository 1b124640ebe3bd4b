#!/bin/sh
# Whoever can write to a log must not be able to drive the terminal, or the program, of whoever reads it.
. "${srcdir:-.}/tests/script/lib.sh"
escape=$(printf '\033')
bell=$(printf '\007')
override=$(printf '\342\200\256')
nasty="$escape]0;owned$bell$escape[2J$(printf '\r\233')31m$override"'evil'"$(printf '\342\201\246\357\273\277\377\300\200\177\302\233')2J"

{
	printf 'timestamp,service,level,message,extra%s\n' "$nasty"
	for second in 10 11 12 13 14 15 16; do
		printf '2025-05-17T20:39:%s,"ga%steway",FATAL,"giving up: %s order %s","%s"\n' "$second" "$nasty" "$nasty" "$second" "$nasty"
		printf '2025-05-17T20:39:%s,db,ERROR,"connection to %s refused\nsecond%sline"\n' "$second" "$nasty" "$nasty"
	done
	printf 'a row that is none %s\n' "$nasty"
	printf '2025-05-17T20:39:59,"open%s\n' "$nasty"
} >nasty.csv
cp nasty.csv "name$escape[31m$bell$override.csv"
named="name$escape[31m$bell$override.csv"

for command in stats templates anomalies timeline 'search giving' 'ask which service failed first' 'ask show refused' 'ask why' analyze; do
	for source in nasty.csv "$named"; do
		case $command in
		search*) run search giving "$source" ;;
		ask*) run ask "${command#ask }" "$source" ;;
		*) run "$command" --db none "$source" ;;
		esac
		exits 0
		[ -s "$out" ] || fault "$command_line: prints nothing"
		is_fit_to_show
	done
done
test_is "no command prints what a log wants the terminal to do"

run search giving nasty.csv
prints '^['
prints '\xFF'
prints '<U+202E>'
test_is "it is shown what was there"

for command in stats templates anomalies timeline 'search x' 'ask errors' analyze; do
	# shellcheck disable=SC2086
	run $command --json --db none nasty.csv
	exits 0
	"$inspect" get nothing <"$out" | grep -v absent >.members
	[ ! -s .members ] || fault "$command_line: not JSON" .members
	if grep -aq "$escape\|$bell" "$out"; then fault "$command_line: a raw control byte"; fi
done
run search --json giving nasty.csv
equal "$("$inspect" get message <"$out" | grep -ac "$escape")" 7 "messages that hold what was there"
test_is "JSON carries it escaped"

run analyze --actor "ev$nasty" nasty.csv
exits 0
for verb in list 'show 1' export 'approve 1'; do
	# shellcheck disable=SC2086
	run tickets $verb --actor "ev$nasty"
	is_fit_to_show
done
run tickets list
[ -s "$out" ] || fault "there is no ticket to look at"
run tickets assign 1 "mallory$nasty"
is_fit_to_show
run tickets edit 1 title "see $nasty" --actor "ev$nasty"
is_fit_to_show
run tickets reject 1 "because $nasty" --actor "ev$nasty"
is_fit_to_show
for verb in list 'show 1' export; do
	# shellcheck disable=SC2086
	run tickets $verb
	exits 0
	is_fit_to_show
done
run tickets list --json
"$inspect" get id <"$out" | grep -vx '[0-9]*' >.members
[ ! -s .members ] || fault "not JSON" .members
if grep -aq "$escape" "$out"; then fault "a raw escape in JSON"; fi
test_is "tickets keep and show it harmless, whatever is typed"

run stats "--$nasty"
exits 2
is_fit_to_show
run stats "absent$nasty"
exits 3
is_fit_to_show
run search "level>=$nasty" nasty.csv
exits 2
is_fit_to_show
run search "/($nasty/" nasty.csv
exits 2
is_fit_to_show
run stats --format "$nasty" nasty.csv
exits 2
is_fit_to_show
run stats --tz "$nasty" nasty.csv
exits 2
is_fit_to_show
run stats --since "$nasty" nasty.csv
exits 2
is_fit_to_show
run ask "how many $nasty errors" nasty.csv
exits 0
is_fit_to_show
run analyze --issue "broken $nasty" --db none nasty.csv
exits 0
is_fit_to_show
run tickets "$nasty"
exits 2
is_fit_to_show
run tickets show "$nasty"
exits 2
is_fit_to_show
printf 'limit = %s\n' "$nasty" >nasty.conf
run stats --config-file nasty.conf nasty.csv
exits 2
is_fit_to_show
printf '%s = 3\n[%s]\n' "$nasty" "$nasty" >nasty.conf
run stats --config-file nasty.conf nasty.csv
exits 2
is_fit_to_show
run config --data-dir "$nasty"
exits 0
is_fit_to_show
mkdir -p "$XDG_CONFIG_HOME/tocsin/themes"
: >"$XDG_CONFIG_HOME/tocsin/themes/$escape[31m$bell.theme"
run themes
exits 0
is_fit_to_show
test_is "complaints show it harmless"

# catastrophic backtracking, deep nesting, a long line: an answer in bounded time
long=$(head -c 5000 /dev/zero | tr '\0' a)
printf 'timestamp,service,level,message\n2025-05-17T20:39:15,a,INFO,%s\n' "$long" >long.csv
run search '/(a+)+$b/ /((a*)*)*c/' long.csv
exits 0
prints_nothing
deep=$(head -c 5000 /dev/zero | tr '\0' '(')
run search "${deep}a" long.csv
exits 2
run ask "$long $long" long.csv
exits 0
run search "$(printf %s "$long" | head -c 4000)" long.csv
exits 0
prints_lines 1
run search "$long" long.csv
exits 2
says 4096
test_is "hostile patterns end"
finish
