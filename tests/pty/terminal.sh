#!/bin/sh
# A real terminal (tmux): the first screen, a resize, suspend and resume, and the terminal as it was after every way out.
. "${srcdir:-.}/tests/lint/tap.sh"
cd "${srcdir:-.}" || exit 1
tocsin=$(cd "${builddir:-build}" && pwd)/tocsin
if ! command -v tmux >/dev/null; then
	plan 1
	skip "the console in a terminal" "tmux is not installed"
	exit 0
fi
scratch=$(mktemp -d)
mux() { tmux -S "$scratch/tmux" "$@"; }
trap 'mux kill-server 2>/dev/null; rm -rf "$scratch"' EXIT
export HOME="$scratch" XDG_CONFIG_HOME="$scratch/config" XDG_STATE_HOME="$scratch/state" LC_ALL=C.UTF-8 TZ=UTC
unset TMUX NO_COLOR

screen() { mux capture-pane -p; }
# await TEXT: looks at the screen until TEXT is there; gives up after some thousand looks (each takes ms).
await() {
	looks=0
	until screen | grep -qF -- "$1"; do
		looks=$((looks + 1))
		[ "$looks" -lt 5000 ] || return 1
	done
}
gone() {
	looks=0
	while screen | grep -qF -- "$1"; do
		looks=$((looks + 1))
		[ "$looks" -lt 5000 ] || return 1
	done
}
# The line settings that a raw terminal would have changed.
tty_state() { mux send-keys "clear; stty -a | tr ' ' '\n' | grep -E '^-?(icanon|echo|isig|ixon)' | tr '\n' ' '; echo =e''nd=" Enter; await "=end="; }
changed() {
	if ! screen | grep -q 'icanon' || screen | grep -qE -- '-(icanon|echo|isig) '; then fault "the terminal is not as it was"; fi
}
fault() { printf '%s\n' "$1"; screen; }

printf 'set -g status off\nset -g default-terminal screen-256color\nset -g escape-time 0\nset -g remain-on-exit off\n' >"$scratch/conf"
mux -f "$scratch/conf" new-session -d -x 100 -y 30 "PS1='ready> ' sh"
await "ready>" || exit 99
start() { mux send-keys "clear; $tocsin --roster samples/roster.conf samples/checkout-incident.csv" Enter; await "orders-db" && await "tocsin "; }

plan 9
start && faults= || faults=$(fault "no first screen")
check "opens the sample" "$faults"

await "root cause" && faults= || faults=$(fault "no verdict")
check "the analyst comes to a verdict" "$faults"

mux resize-window -x 160 -y 45
await "services" && [ "$(screen | wc -l)" -ge 40 ] && faults= || faults=$(fault "not laid out anew")
check "follows a resize" "$faults"

mux send-keys C-z
await "Stopped" && faults= || faults=$(fault "not suspended")
check "C-z goes back to the shell" "$faults"

mux send-keys "fg" Enter
gone "Stopped" && await "services" && faults= || faults=$(fault "not back")
check "fg brings the console back" "$faults"

mux send-keys q
gone "services" && await "ready>" && faults= || faults=$(fault "still there")
check "q leaves" "$faults"

tty_state
check "the terminal is as it was after q" "$(changed)"

start
pid=$(pgrep -f -n "^$tocsin --roster" || pgrep -n -x tocsin)
kill -TERM "$pid"
gone "services" && await "ready>" && faults= || faults=$(fault "did not end")
check "kill -TERM ends it" "$faults"

tty_state
check "kill -TERM leaves the terminal as it was" "$(changed)"
