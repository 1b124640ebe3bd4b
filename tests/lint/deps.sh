#!/bin/sh
# Every include follows tests/lint/deps.rules: a room knows only the rooms that its row lists, a library only its one room.
. "${srcdir:-.}/tests/lint/tap.sh"
cd "${srcdir:-.}" || exit 1
rules=tests/lint/deps.rules

# Prints "FILE room included" for every include of one of our rooms, and "FILE room <header>" for every other.
list_includes() {
	find include/tocsin src -name '*.[ch]' | sort | while read -r file; do
		room=$(printf '%s\n' "$file" | sed -E 's,^(include/tocsin|src)/([a-z]+)/.*,\2,')
		sed -nE 's,^[[:space:]]*#[[:space:]]*include[[:space:]]+["<]([^">]+)[">].*,\1,p' "$file" | while read -r header; do
			printf '%s %s %s\n' "$file" "$room" "$header"
		done
	done
}

faults=$(list_includes | awk -v rules="$rules" '
	BEGIN {
		while ((getline line < rules) > 0) {
			if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
			split(line, part, ":")
			gsub(/ /, "", part[1])
			known[part[1]] = 1
			count = split(part[2], rooms, " ")
			for (i = 1; i <= count; i++) allowed[part[1], rooms[i]] = 1
			count = split(part[3], libraries, " ")
			for (i = 1; i <= count; i++) owner[libraries[i]] = part[1]
		}
	}
	{
		file = $1; room = $2; header = $3
		if (!(room in known)) { print file ": room " room " has no row"; next }
		sub(/^tocsin\//, "", header)
		target = header; sub(/\/.*/, "", target)
		if (index(header, "/") && (target in known)) {
			if (target != room && !((room, target) in allowed)) print file ": " room " may not include " header
			if (target == room || $3 ~ /^tocsin\//) next
			print file ": " header " is private to " target
			next
		}
		for (library in owner)
			if (index($3, library) == 1 && owner[library] != room) print file ": only " owner[library] " may include " $3
	}')
plan 1
check "every include follows deps.rules" "$faults"
