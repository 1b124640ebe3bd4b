# Sourced by the script tests: the real program in a world of its own, and demands on what it did.
#
#   run stats --json FILE      runs tocsin; $status, and what it wrote in $out and $err
#   exits 0; prints TEXT; ...  demands: each that is not met becomes a fault
#   test_is NAME               one TAP line: ok when nothing has become a fault since the last
#   finish                     the plan; without it the test counts as broken off
. "${srcdir:-.}/tests/lint/tap.sh"
tests_from=$(cd "${srcdir:-.}" && pwd)
tests_built=$(cd "${builddir:-build}" && pwd)
tocsin=$tests_built/tocsin
inspect=$tests_built/tests/script/inspect
samples=$tests_from/samples
for program in "$tocsin" "$inspect"; do
	[ -x "$program" ] || { echo "Bail out! $program is not built"; exit 99; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 99
out=$scratch/.out
err=$scratch/.err
faults=

export HOME="$scratch" XDG_CONFIG_HOME="$scratch/config" XDG_STATE_HOME="$scratch/state"
export USER=tester TZ=UTC LC_ALL=C.UTF-8 TERM=xterm-256color
unset NO_COLOR TOCSIN_DB DATA_DIR MODELS_DIR
unset OPENAI_API_KEY OPENAI_BASE_URL ANTHROPIC_API_KEY ANTHROPIC_BASE_URL DEEPSEEK_API_KEY DEEPSEEK_API_URL LLAMA_URL OLLAMA_URL MODEL_NAME

# The members of `analyze --json`.
analysis='=verdict:s,issue:s0,category:s,filter:o0,severity:s,impact:o,root_cause:o0,ranking:a,components:a,findings:a'
analysis=$analysis,evidence:a,claims:a,timeline:a,recommendations:a,tickets:a,analyst:s,builtin:o,usage:o0

fault() {
	faults="$faults$(printf '%s\n%s' "$1" "${2:+$(head -n 5 "$2" | cut -c 1-300 | LC_ALL=C tr -c '\n -~' '?')}")
"
}
run() {
	command_line="tocsin $*"
	status=0
	"$tocsin" "$@" >"$out" 2>"$err" </dev/null || status=$?
}
exits() { [ "$status" -eq "$1" ] || fault "$command_line: exit $status, not $1" "$err"; }
prints() { grep -qF -- "$1" "$out" || fault "$command_line: does not print \"$1\"" "$out"; }
omits() { ! grep -qF -- "$1" "$out" || fault "$command_line: prints \"$1\"" "$out"; }
says() { grep -qF -- "$1" "$err" || fault "$command_line: does not say \"$1\"" "$err"; }
prints_nothing() { [ ! -s "$out" ] || fault "$command_line: prints something" "$out"; }
says_nothing() { [ ! -s "$err" ] || fault "$command_line: says something" "$err"; }
prints_lines() { [ "$(wc -l <"$out")" -eq "$1" ] || fault "$command_line: $(wc -l <"$out") lines, not $1" "$out"; }
# members PATH=NAME:TYPE,...: each line of the output is one JSON object with exactly these members (tests/script/inspect.c)
members() {
	"$inspect" members "$@" <"$out" >.members || echo "inspect failed" >>.members
	[ ! -s .members ] || fault "$command_line" .members
}
# gives PATH VALUE...: what is at PATH, in every line of JSON output
gives() {
	path=$1
	shift
	"$inspect" get "$path" <"$out" >.gives
	if [ $# -eq 0 ]; then : >.wanted; else printf '%s\n' "$@" >.wanted; fi
	cmp -s .gives .wanted || fault "$command_line: $path is $(tr '\n' ' ' <.gives | cut -c 1-200) not $*"
}
value() { "$inspect" get "$1" <"$out" | head -n 1; }
# Nothing raw has come out: neither in the output nor among the complaints.
is_fit_to_show() {
	for stream in "$out" "$err"; do
		"$inspect" shown <"$stream" >.shown || echo "inspect failed" >>.shown
		[ ! -s .shown ] || fault "$command_line: $(basename "$stream")" .shown
	done
}
equal() { [ "$1" = "$2" ] || fault "$3: \"$1\", not \"$2\""; }

test_is() {
	check "$1" "$faults"
	faults=
}
finish() { plan "$tap_number"; }
