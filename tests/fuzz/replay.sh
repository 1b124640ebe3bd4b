#!/bin/sh
# Every fuzz target runs over its committed corpus: inputs that were found interesting or once broke something.
. "${srcdir:-.}/tests/lint/tap.sh"
folder=${srcdir:-.}/tests/fuzz
replays=${builddir:-build}/tests/fuzz

targets=$(for file in "$folder"/*.c; do basename "$file" .c; done | grep -vx replay)
plan "$(printf '%s\n' "$targets" | wc -l)"
for target in $targets; do
	if [ ! -d "$folder/corpus/$target" ]; then
		check "$target has a corpus" "tests/fuzz/corpus/$target is missing"
	elif output=$("$replays/replay-$target" "$folder/corpus/$target" 2>&1); then
		check "$target: $(printf '%s\n' "$output" | tail -n 1)" ""
	else
		check "$target" "$output"
	fi
done
