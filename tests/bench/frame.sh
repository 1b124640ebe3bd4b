# What the parts of `make bench` share. A part is run in its own shell, in the order of names; it prints rows.
#
#   BENCH_BYTES   how large the CSV is (1 GiB)
#   BENCH_ROUNDS  how often each command is run, alternating with the one it is measured against (5)
#   BENCH_FOLDER  where inputs are made ($TMPDIR or /tmp); nothing is kept
root=$(cd "${srcdir:-.}" && pwd)
built=$(cd "${builddir:-build}" && pwd)
tocsin=$built/tocsin
measure=$built/tests/bench/measure
generate=$built/generate-incident
bytes=${BENCH_BYTES:-1073741824}
rounds=${BENCH_ROUNDS:-5}
export HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache" LC_ALL=C.UTF-8 TZ=UTC
unset NO_COLOR TMUX

# row NUMBER WHAT MEASURED FLOOR GOAL
row() { printf '%-4s %-66s %12s  %-18s %s\n' "$1" "$2" "$3" "$4" "$5"; }
have() { command -v "$1" >/dev/null; }

# input NAME BYTES KIND: made once, read into the page cache each time
input() {
	[ -f "$folder/$1" ] || "$generate" "$3" "$2" >"$folder/$1"
	cat "$folder/$1" >/dev/null
}

# alternate NAME COMMAND [NAME COMMAND]...: runs all in turn, `rounds` times; $folder/NAME.runs gets wall ms, CPU ms and kB of each
alternate() {
	for name in "$@"; do rm -f "$folder/$name.runs" 2>/dev/null || true; done
	round=0
	while [ "$round" -lt "$rounds" ]; do
		command=
		for word in "$@"; do
			if [ -z "$command" ]; then
				command=$word
			else
				# shellcheck disable=SC2086
				"$measure" run sh -c "exec $word" >>"$folder/$command.runs" || echo "0 0 0" >>"$folder/$command.runs"
				command=
			fi
		done
		round=$((round + 1))
	done
}

# median NAME COLUMN: 1 wall ms, 2 CPU ms, 3 resident kB
median() { awk -v column="$2" '{ print $column }' "$folder/$1.runs" | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
# ratio A B: how many times B is A
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f x", a / b; else printf "-" }'; }
seconds() { awk -v t="$1" 'BEGIN { printf "%.2f s", t / 1000 }'; }
