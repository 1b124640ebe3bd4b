#!/bin/sh
# Where a setting comes from: flags win over the environment, this over the configuration file, this over the default.
. "${srcdir:-.}/tests/script/lib.sh"
log=$samples/service-logs.csv
conf=$XDG_CONFIG_HOME/tocsin/tocsin.conf
mkdir -p "$XDG_CONFIG_HOME/tocsin"

# comes NAME VALUE ORIGIN [ARG...]: what `config` says of a setting
comes() {
	name=$1 wanted=$2 origin=$3
	shift 3
	run config --json "$@"
	exits 0
	row=$(grep "\"name\":\"$name\"" "$out")
	equal "$(printf '%s\n' "$row" | "$inspect" get value)" "$wanted" "$name"
	equal "$(printf '%s\n' "$row" | "$inspect" get origin)" "$origin" "where $name comes from"
}

comes data-dir logs default
comes models-dir "$XDG_STATE_HOME/tocsin/models" default
comes tz UTC default
comes detect.fatal-count 5 default
comes db "$XDG_STATE_HOME/tocsin/tocsin.db" default
test_is "defaults"

printf '# mine\ndata-dir = from-file\ntz = +01:00\ndb = file.db\n[detect]\nfatal-count = 7\n' >"$conf"
comes data-dir from-file "$conf:2"
comes tz +01:00 "$conf:3"
comes detect.fatal-count 7 "$conf:6"
test_is "the file wins over the default, and is named with its line"

DATA_DIR=from-environment TOCSIN_DB=environment.db
export DATA_DIR TOCSIN_DB
comes data-dir from-environment DATA_DIR
comes db environment.db TOCSIN_DB
DATA_DIR=
comes data-dir from-file "$conf:2"
DATA_DIR=from-environment
test_is "the environment wins over the file; an empty variable is none"

comes data-dir from-flag --data-dir --data-dir from-flag
comes db flag.db --db --db=flag.db
comes tz +05:00 --tz --tz +05:00
comes tz +06:00 --tz --tz +05:00 --tz +06:00
unset DATA_DIR TOCSIN_DB
test_is "a flag wins over both, and the last one over the first"

printf 'DATA_DIR=from-env-file\nOTHER_THING="of another program"\nTOCSIN_DB="quoted.db"\n' >.env
comes data-dir from-file "$conf:2"
test_is "a .env in the folder is not picked up unasked"

comes data-dir from-env-file DATA_DIR --env-file .env
comes db quoted.db TOCSIN_DB --env-file .env
comes data-dir from-flag --data-dir --env-file .env --data-dir from-flag
run stats --env-file absent.env "$log"
exits 2
says absent.env
test_is "--env-file is read when it is named"

printf 'tz = +03:00\n' >other.conf
comes tz +03:00 other.conf:1 --config-file other.conf
comes detect.fatal-count 5 default --config-file other.conf
rm "$conf"
test_is "--config-file is read instead"

mkdir logs elsewhere
cp "$log" logs/one.csv
printf '2025-05-17T20:39:15 INFO hello\n' >logs/two.log
printf 'not a log\n' >logs/three.txt
run stats --json
exits 0
gives records 53
DATA_DIR=elsewhere "$tocsin" stats >"$out" 2>"$err" </dev/null
status=$?
command_line="DATA_DIR=elsewhere tocsin stats"
exits 3
says elsewhere
run stats --json --data-dir logs one.csv
exits 0
gives records 52
test_is "DATA_DIR is where logs are looked for"

run stats --tz +02:00 "$log"
prints "2025-05-17 20:39:15"
prints "+02:00"
test_is "the display zone is printed"
cat >own.conf <<'END'
[source *.pay]
format = pay
tz = Europe/Berlin

[format pay]
pattern = ^(?<time>\S+ \S+) \{(?<level>\w)\} <(?<service>[^>]+)> (?<message>.*)$
time = dd/MM/yyyy HH:mm:ss
levels = X=FATAL
END
printf '17/05/2025 20:41:07 {X} <shop> no stock\nodd\n' >a.pay
run stats --json --config-file own.conf a.pay
exits 0
gives first 2025-05-17T18:41:07Z
gives services.0.name shop
gives levels.FATAL 1
gives loss.parsed 1
gives loss.sources.0.unparsed 1
run formats --config-file own.conf --try a.pay
exits 0
prints "a.pay: pay; 1 of the first 2 records fit"
prints "service  shop"
run formats --config-file own.conf
prints "yours: ^(?<time>"
test_is "a format and a zone of the configuration"

printf '18/05/2025 20:41:07 {X} <shop> no stock\n18/05/2025 20:41:08 {X} <shop> till open\n' >b.pay
run templates --json --config-file own.conf --baseline a.pay b.pay
exits 0
grep -q '"template":"no stock".*"new":false' "$out" || fault "the baseline is not read by the format" "$out"
grep -q '"template":"till open".*"new":true' "$out" || fault "what the baseline does not have is not new" "$out"
test_is "a baseline is read by the same formats"

printf '[format pay]\ntime = iso\npattern = (\n' >bad.conf
run stats --config-file bad.conf a.pay
exits 2
says "bad.conf:3: pattern: "
printf '[source *]\nsample = 10\n' >bad.conf
run stats --config-file bad.conf a.pay
exits 2
says "bad.conf:2: sample: \"10\" is not 1/N"
run stats --json --config-file own.conf --source-rule '* shift=-1.5s' a.pay
exits 0
run stats --source-rule '* tz=Nowhere/City' a.pay
exits 2
says "source-rule: tz: there is no time zone \"Nowhere/City\""
test_is "a bad format or rule names line and key"
finish
