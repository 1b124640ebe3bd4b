#!/bin/sh
# Functions that overflow, hide state or end the program from below; and files that have stopped being one idea.
. "${srcdir:-.}/tests/lint/tap.sh"
cd "${srcdir:-.}" || exit 1
sources=$(find include src -name '*.[ch]' | sort)

unsafe=$(grep -nE '(^|[^A-Za-z0-9_.>])(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|gets|atoi|atol|atof|alloca|tmpnam|mktemp|system|popen|asctime|ctime|gmtime|localtime|strerror_r)[[:space:]]*\(' $sources)
below=$(find src include -name '*.[ch]' ! -path 'src/app/*' | sort | xargs grep -nE '(^|[^A-Za-z0-9_.>])(exit|_exit|abort|getenv|secure_getenv|setenv|putenv|printf|puts|putchar|perror|err|warn|sleep|usleep|nanosleep)[[:space:]]*\(')
# readline reads INPUTRC and keeps state of its own: ui/line.c is where that ends.
below=$(printf '%s\n' "$below" | grep -v '^src/ui/line.c:.*setenv("INPUTRC"')
threads=$(grep -nE '(pthread_create|thrd_create|uv_thread_create)[[:space:]]*\(' $sources)
long_files=$(for file in $sources; do lines=$(wc -l <"$file"); [ "$lines" -gt 600 ] && echo "$file: $lines lines"; done)
long_functions=$(for file in $(find src -name '*.c'); do
	awk -v file="$file" '/^\{/ { start = NR } /^\}/ { if (start && NR - start > 100) print file ":" start ": " NR - start " lines"; start = 0 }' "$file"
done)
wide=$(grep -nE '^.{121,}$' $sources | grep -v '\\$' | cut -c1-80)
global=$(find src -name '*.c' ! -path 'src/app/*' | sort | xargs grep -nE '^(static )?(struct [a-z_]+|int|bool|char|size_t|u?int[0-9]+_t|double|unsigned)( \*?|\* ?)[a-z_]+(\[[^]]*\])?( =.*)?;$' | grep -vE 'const|extern|^src/ui/line.c:')
plan 7
check "no unsafe or stateful libc functions" "$unsafe"
check "nothing below app prints, exits, sleeps or reads the environment" "$below"
check "no threads but the workers of io" "$threads"
check "no file over 600 lines" "$long_files"
check "no function over 100 lines" "$long_functions"
check "no line over 120 columns, but rows of tables" "$wide"
check "no global mutable state below app" "$global"
