#!/bin/sh
# What --help lists, the manual lists; and the committed page is the one that the program writes.
. "${srcdir:-.}/tests/lint/tap.sh"
cd "${srcdir:-.}" || exit 1
tocsin=${builddir:-build}/tocsin
page=docs/tocsin.1

different=$("$tocsin" manual | diff -u "$page" - | head -n 20)
unlisted=$("$tocsin" --help | grep -oE -- '--[a-z][a-z-]*' | sort -u | while read -r option; do
	sed 's/\\-/-/g' "$page" | grep -q -- "$option" || echo "$option is not in $page"
done)
names=$("$tocsin" --help | sed -nE 's/^  tocsin ([a-z]+).*/\1/p' | while read -r name; do
	grep -q "^\\.B $name" "$page" || echo "the command $name is not in $page"
done)
if command -v mandoc >/dev/null; then
	roff=$(mandoc -T lint -W warning "$page" 2>&1 | grep -vE 'missing date|filename/section' | head -n 5)
else
	roff=
fi
plan 4
check "the page is what \`tocsin manual\` writes" "$different"
check "every option of --help is in the page" "$unlisted"
check "every command of --help is in the page" "$names"
check "the page is good roff" "$roff"
