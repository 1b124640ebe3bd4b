#!/bin/sh
# How often the built-in analyst is right on small incidents whose truth is known: made here, differently for each seed.
# Prints the share that is right with its Wilson interval (95 %), of each kind and of all, and fails below the floor.
. "${srcdir:-.}/tests/script/lib.sh"
floor=${FLOOR:-0.85}
seeds=${SEEDS:-4}

# make_case KIND SEED: incident.csv and quiet.csv, and the truth in $want_verdict, $want_service
make_case() {
	awk -v kind="$1" -v seed="$2" '
	function random(n) { state = (state * 1103515245 + 12345) % 2147483648; return int(state / 65536) % n }
	function clock(second) { return sprintf("2025-06-01T%02d:%02d:%02d.%03dZ", 8 + int(second / 3600), int(second / 60) % 60, second % 60, random(1000)) }
	function say(second, service, level, text) { print clock(second) "," service "," level "," text >file }
	function quiet(from, to,   second, i) {
		for (second = from; second < to; second++) {
			for (i = 1; i <= services; i++)
				if (random(3)) say(second, name[i], "INFO", work[i] " " random(100000) " done in " 5 + random(40) " ms")
			if (loud && random(2)) say(second, name[services], "ERROR", "mail " random(9999) " bounced: mailbox full")
		}
	}
	function fail(from, to, culprit, victim,   second) {
		for (second = from; second < to; second++) {
			say(second, culprit, "ERROR", trouble)
			if (second > from + 3) say(second, victim, "ERROR", "call to " culprit " failed: timeout after " 1000 + random(900) " ms")
			if (second > from + 6 && random(2)) say(second, victim, "ERROR", "request " random(99999) " gave up")
		}
	}
	BEGIN {
		state = seed * 7919 + 17; services = 5
		split("orders-db cart-service payment-api gateway mailer", base)
		split("query;basket;charge;request;mail", work, ";")
		for (i = 1; i <= services; i++) name[i] = base[i]
		culprit = name[1 + random(3)]; victim = name[4]
		split("pool exhausted: active=50 max=50;disk quota exceeded on /var/lib;deadlock detected while committing;heap space is full", troubles, ";")
		trouble = troubles[1 + random(4)]
		loud = kind == "herring"; onset = 200 + random(60); last = onset + 60 + random(60)
		file = "quiet.csv"; print "timestamp,service,level,message" >file
		if (kind == "baseline") quiet(2000, 2200)
		file = "incident.csv"; print "timestamp,service,level,message" >file
		if (kind == "missing") { fail(onset, last, culprit, victim) }
		else if (kind == "healthy") quiet(0, last)
		else if (kind == "recovered") {
			quiet(0, onset); say(onset, culprit, "ERROR", "snapshot 17 failed: " trouble)
			say(onset, culprit, "ERROR", "snapshot 17 given up"); quiet(onset, last + 200)
		} else {
			if (kind == "baseline") quiet(0, 20); else quiet(0, onset)
			if (kind == "external") trouble = "tls handshake failed: certificate has expired"
			fail(onset, last, culprit, victim)
			quiet(onset, last)
			if (kind == "dual") { trouble = "token signature invalid: unauthorized"; for (s = onset + 25; s < last; s++) say(s, culprit == name[2] ? name[3] : name[2], "ERROR", trouble) }
		}
		verdict = kind == "healthy" || kind == "recovered" ? "healthy" : kind == "external" ? "external" : kind == "missing" ? "inconclusive" : "root_cause"
		print verdict, verdict == "healthy" ? "-" : culprit
	}' </dev/null >truth
	for file in incident quiet; do { head -n 1 $file.csv; tail -n +2 $file.csv | LC_ALL=C sort; } >sorted; mv sorted $file.csv; done
	read -r want_verdict want_service <truth
}

# wilson RIGHT ALL: "17/18 0.944 (0.742 to 0.990)"
wilson() {
	awk -v k="$1" -v n="$2" 'BEGIN {
		z = 1.96; p = k / n; middle = (p + z * z / (2 * n)) / (1 + z * z / n)
		half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
		low = middle - half; high = middle + half
		printf "%d/%d %.3f (%.3f to %.3f)\n", k, n, p, (low < 0 ? 0 : low), (high > 1 ? 1 : high) }'
}

right_of_all=0
all=0
for kind in plain herring baseline external dual missing recovered healthy; do
	right=0
	seed=1
	while [ "$seed" -le "$seeds" ]; do
		make_case $kind $seed
		set -- analyze --json --db none
		[ $kind != baseline ] || set -- "$@" --baseline quiet.csv
		run "$@" incident.csv
		exits 0
		verdict=$("$inspect" get verdict <"$out")
		service=$("$inspect" get root_cause.service <"$out")
		if [ "$verdict" = "$want_verdict" ] && { [ "$want_service" = - ] || [ "$service" = "$want_service" ]; }; then
			right=$((right + 1))
		else
			echo "# $kind $seed: $verdict $service, not $want_verdict $want_service"
		fi
		seed=$((seed + 1))
	done
	echo "# $kind: $(wilson $right "$seeds")"
	right_of_all=$((right_of_all + right))
	all=$((all + seeds))
done
echo "# all: $(wilson $right_of_all $all)"
awk -v k=$right_of_all -v n=$all -v floor="$floor" 'BEGIN { exit !(k / n >= floor) }' || fault "$right_of_all of $all, floor $floor"
test_is "at least $floor of the made incidents are judged right"
finish
