#!/bin/sh
# A file with a hole of 5 GiB: offsets go on over 2^32, what stands behind the hole is found and read back, by one worker and by
# several.
. "${srcdir:-.}/tests/script/lib.sh"
printf 'timestamp,service,level,message\n2025-05-17T20:39:15,gateway,INFO,before the hole\n' >hole.csv
truncate -s 5G hole.csv
printf '\n2025-05-17T20:39:16,gateway,ERROR,behind the hole\n' >>hole.csv
run search --json 'level>=info' hole.csv
exits 0
prints '"line":2,'
prints '"message":"before the hole"'
prints '"line":4,'
prints '"message":"behind the hole"'
prints_lines 2
test_is "what stands behind a hole of 5 GiB is found"
cp "$out" alone
run search --fast --json 'level>=info' hole.csv
exits 0
cmp -s "$out" alone || fault "--fast finds something else" "$out"
test_is "several workers find the same"
finish
