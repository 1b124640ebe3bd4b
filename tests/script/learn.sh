#!/bin/sh
# train and score: what is learnt, what is written, what is refused, and what an untrained score says.
. "${srcdir:-.}/tests/script/lib.sh"

# jobs FROM TO: normal sessions of four lines
jobs() {
	seq "$1" "$2" | awk '{ s = $1 * 10
		printf "%d,master,INFO,open job_%d\n%d,worker,INFO,write job_%d\n%d,worker,INFO,receive job_%d\n%d,master,INFO,closed job_%d\n",
			s, $1, s + 1, $1, s + 2, $1, s + 9, $1 }' |
		awk -F, 'BEGIN { OFS = "," } { $1 = sprintf("2025-05-17T%02d:%02d:%02d", $1 / 3600, $1 / 60 % 60, $1 % 60); print }'
}
head_line() { echo timestamp,service,level,message; }
{ head_line; jobs 1 300; } >normal.csv
{
	head_line
	jobs 301 303
	echo 2025-05-17T01:00:00,master,INFO,open job_900
	echo 2025-05-17T01:00:01,worker,ERROR,cannot write job_900: disk is full
	echo 2025-05-17T01:00:02,master,INFO,open job_901
} >other.csv
printf '[learn]\nembedding = 8\nunits = 8\nepochs = 3\n' >small.conf
small="--config-file small.conf"

# shellcheck disable=SC2086
run train $small --sessions 'job_([0-9]+)' -o jobs.model normal.csv
exits 0
prints "learnt 4 templates from 1200 records in 300 sequences"
[ -s jobs.model ] || fault "no file"
cp jobs.model first.model
# shellcheck disable=SC2086
run train $small --sessions 'job_([0-9]+)' -o jobs.model --json normal.csv
members '=file:s,sequences:n,templates:n,records:n,left_out:n,epochs:n,loss:n,held_out:n'
cmp -s first.model jobs.model || fault "the same seed gives another file"
says_nothing
test_is "train writes what it learnt, the same from the same log"

run score --lstm jobs.model --sessions 'job_([0-9]+)' --json other.csv
exits 0
members '=session:s,importance:n,anomalous:b'
gives session 301 302 303 900 901
gives anomalous false false false true false
run score --lstm jobs.model --sessions 'job_([0-9]+)' other.csv
prints "anomalous"
prints "901 (unfinished)"
test_is "score --sessions tells which are anomalous; a beginning is unfinished"

run score --lstm jobs.model --json other.csv
exits 0
prints_lines 15
members '=line:n,importance:n'
run score --lstm jobs.model other.csv
prints "cannot write job_900"
test_is "score gives each line its importance"

run score --json other.csv
exits 0
prints_lines 15
says "tocsin train -o FILE"
test_is "score without a model goes by the log itself and names train"

# shellcheck disable=SC2086
run train $small normal.csv
exits 2
says "train -o FILE"
run score --lstm nowhere.model other.csv
exits 2
says nowhere.model
run score --lstm normal.csv other.csv
exits 2
says "no model that"
head -c 900 jobs.model >cut.model
run score --lstm cut.model other.csv
exits 2
says checksum
run score --lstm jobs.model --sessions '(job' other.csv
exits 2
says sessions
run score --sessions 'job_([0-9]+)' other.csv
exits 2
says "train --sessions"
# shellcheck disable=SC2086
run train $small --sessions 'nobody_([0-9]+)' -o none.model normal.csv
exits 2
says "no record names a session"
[ ! -e none.model ] || fault "a file of nothing"
# shellcheck disable=SC2086
run train $small -o /nonexistent/x.model normal.csv
exits 1
says /nonexistent/x.model
test_is "what does not fit is refused with the reason"

run search --lstm jobs.model --json 'importance>0.9' other.csv
exits 0
gives line 15
run stats --lstm jobs.model --json -f 'importance>0.9' other.csv
gives records 1
run search --json 'importance>=0 importance<=1' other.csv
prints_lines 15
test_is "importance can be filtered for"

# drive ARGUMENT... <<END: the console with the script on standard input
drive() {
	cat >script
	run --db none --script script "$@"
}
drive --lstm jobs.model other.csv <<'END'
size 140x40
idle
keys I
idle
dump
keys &
type importance>0.9
keys Enter
idle
dump
END
exits 0
prints "importance of 15 records, by jobs.model"
prints "▎cannot write job_900"
[ "$(grep -c ▎ "$out")" -eq 2 ] || fault "not one mark on each screen" "$out"
prints "importance>0.9 · 1 of 15"
test_is "the console marks what is important, and filters"

drive other.csv <<'END'
size 140x40
idle
dump
keys &
type importance>=0
keys Enter
idle
dump
END
prints "importance>=0 · 15 of 15"
prints "tocsin train -o FILE"
omits ▎
test_is "a filter has importance worked out by itself, without marks, and names train"

drive --replay=1 other.csv <<'END'
size 140x40
idle
keys p :
type goto 01:00:01
keys Enter
idle
keys I
idle
keys :
type relevant disk is full
keys Enter
idle
dump
keys :
type goto 00:50:32
keys Enter S-Tab S-Tab S-Tab Enter
idle
dump
keys &
type importance>=0
keys Enter
idle
dump
END
prints "14 -> 10 -> 1 records speak of"
prints "id:13 · 1 of 14"
prints "everything · 11"
prints "importance>=0 · 11 of 11"
omits "15 of 15"
test_is "in a replay nothing beyond the clock is used, and what was is forgotten"

drive other.csv <<'END'
size 140x40
idle
keys :
type relevant disk is full
keys Enter
idle
dump
END
prints '15 -> 11 -> 1 records speak of "disk is full"'
prints "1 of 15"
test_is ":relevant shows what speaks of an issue, with the counts of its stages"

mkdir -p models
cp jobs.model models/
run score --lstm jobs.model --sessions 'job_([0-9]+)' --json --limit 1 --config-file /dev/null other.csv
prints_lines 1
rm jobs.model
MODELS_DIR=models run score --lstm jobs.model --json other.csv
exits 0
printf '[learn]\nwithout = error, level,gap\n' >part.conf
run score --config-file part.conf --lstm first.model --sessions 'job_([0-9]+)' --json other.csv
gives anomalous false false false false false
printf '[learn]\nwithout = luck\n' >part.conf
run score --config-file part.conf --lstm first.model --json other.csv
exits 2
says luck
test_is "models are found in MODELS_DIR; parts can be left out"
finish
