#!/bin/sh
# Each header compiles alone, and every .c includes its own header first or has a private reason not to.
. "${srcdir:-.}/tests/lint/tap.sh"
cd "${srcdir:-.}" || exit 1
CC=${CC:-cc}
faults=$(find include/tocsin src -name '*.h' | sort | while read -r header; do
	printf '#include "%s"\n' "$(printf '%s' "$header" | sed 's,^include/,,; s,^src/,,')" |
		$CC -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Iinclude -Isrc -fsyntax-only -x c - 2>/dev/null || echo "$header does not compile alone"
done)
guards=$(find include/tocsin -name '*.h' | sort | while read -r header; do
	guard=$(printf '%s' "${header#include/}" | tr 'a-z/.' 'A-Z__')
	grep -q "^#ifndef $guard\$" "$header" || echo "$header: the guard is not $guard"
done)
manuals=$(find include/tocsin -name '*.h' | sort | while read -r header; do
	head -n 1 "$header" | grep -q '^/\*' || echo "$header does not begin with what it is"
done)
plan 3
check "each header compiles alone" "$faults"
check "guards are named after their files" "$guards"
check "each public header begins with its manual" "$manuals"
