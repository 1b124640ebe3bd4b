#!/bin/sh
# Screens as they were looked at and found right: tests/golden/NAME.script drives the console with a clock that stands still, NAME.utf8.screen and NAME.ascii.screen
# are what it must dump. `make update-golden` rewrites them; read the difference before you commit it.
. "${srcdir:-.}/tests/lint/tap.sh"
cd "${srcdir:-.}" || exit 1
tocsin=${builddir:-build}/tocsin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" XDG_CONFIG_HOME="$scratch/config" XDG_STATE_HOME="$scratch/state" TERM=xterm-256color TZ=UTC USER=tester
unset NO_COLOR LC_CTYPE LANG TOCSIN_DB

# The first line of a script: "# tocsin ARGUMENTS..."
arguments() { sed -n '1s/^# tocsin //p' "$1"; }

plan "$(($(ls tests/golden/*.script | wc -l) * 2))"
for script in tests/golden/*.script; do
	for kind in utf8 ascii; do
		if [ "$kind" = utf8 ]; then locale=C.UTF-8; else locale=C; fi
		expected=${script%.script}.$kind.screen
		actual=$scratch/screen
		rm -rf "$XDG_STATE_HOME"
		# shellcheck disable=SC2046
		LC_ALL=$locale "$tocsin" --roster samples/roster.conf --script "$script" $(arguments "$script") >"$actual" 2>"$scratch/errors" ||
			echo "exit $?" >>"$actual"
		cat "$scratch/errors" >>"$actual"
		if [ -n "${UPDATE_GOLDEN:-}" ]; then
			cp "$actual" "$expected"
		fi
		check "$(basename "$script" .script) in $kind" "$(diff "$expected" "$actual" 2>&1 | head -n 40)"
	done
done
