#!/bin/sh
# Writes build-aux/files.am: which files make up each room, which tests and fuzzers there are, what is shipped. The folder a
# file lies in says all that; listing them again by hand in Makefile.am would only be another place to forget.
# Run it after adding or removing a file. tests/lint/files.sh fails while the list is old.
#
#   build-aux/list-files.sh         rewrites build-aux/files.am
#   build-aux/list-files.sh -       prints it
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

# listed VARIABLE: makes an assignment of the names on stdin, one a line.
listed() {
	printf '\n%s =' "$1"
	while read -r name; do printf ' \\\n\t%s' "$name"; done
	printf '\n'
}

files() { find "$@" -type f ! -name '.*' ! -name '*~' ! -name '*.orig' ! -name '*.rej' 2>/dev/null | sort; }

# stems FOLDER PREFIX: the programs whose main file is FOLDER/PREFIX*.c, without the ending.
stems() { files "$1" -name "$2*.c" | sed 's/\.c$//'; }

variable() { printf '%s' "$1" | tr -c 'A-Za-z0-9' _; }

write() {
	echo "# Written by build-aux/list-files.sh from what lies in the folders."
	for room in base io keep store mine ingest context detect learn llm tickets analyst telemetry ui; do
		files "include/tocsin/$room" "src/$room" | grep '\.[ch]$' | listed "lib${room}_a_SOURCES"
	done
	files src/app | grep '\.[ch]$' | listed tocsin_SOURCES

	files tests/support | grep '\.[ch]$' | listed libsupport_a_SOURCES
	stems tests/unit test_ | listed all_unit_tests
	stems tests/unit test_ | while read -r test; do
		echo "$(variable "$test")_SOURCES = $test.c"
	done

	targets=$(files tests/fuzz -maxdepth 1 -name '*.c' ! -name replay.c | sed 's,.*/,,; s/\.c$//')
	for target in $targets; do echo "tests/fuzz/replay-$target"; done | listed replays
	for target in $targets; do
		echo "tests_fuzz_replay_$(variable "$target")_SOURCES = tests/fuzz/$target.c tests/fuzz/replay.c"
	done
	echo
	echo "if FUZZ"
	printf 'EXTRA_PROGRAMS ='
	for target in $targets; do printf ' \\\n\tfuzz-%s' "$target"; done
	echo
	for target in $targets; do
		echo "fuzz_$(variable "$target")_SOURCES = tests/fuzz/$target.c"
		echo "fuzz_$(variable "$target")_LDFLAGS = \$(AM_LDFLAGS) -fsanitize=fuzzer"
	done
	echo "endif"

	files tests -name '*.sh' -path '*/lint/*' ! -name tap.sh | listed lint_tests
	files tests/script tests/pty tests/fault tests/eval tests/real -name '*.sh' ! -name 'lib*.sh' | listed script_tests
	files themes -name '*.theme' | listed dist_themes_DATA
	files prompts -name '*.prompt' | listed dist_prompts_DATA
	{
		files samples ! -name '*.c'
		files docs ! -name '*.1'
		files tests ! -name '*.c' ! -path 'tests/support/*'
		files tests/eval -name '*.c'
	} | sort -u | listed shipped
}

if [ "${1:-}" = - ]; then
	write
else
	write >build-aux/files.am.new
	mv build-aux/files.am.new build-aux/files.am
fi
