# Sourced by the lint tests: TAP with a line for each check. A check passes when the list of faults is empty.
tap_number=0
plan() { echo "1..$1"; }
check() {
	tap_number=$((tap_number + 1))
	if [ -z "$2" ]; then
		echo "ok $tap_number - $1"
	else
		echo "not ok $tap_number - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}
skip() {
	tap_number=$((tap_number + 1))
	echo "ok $tap_number - $1 # SKIP $2"
}
