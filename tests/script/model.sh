#!/bin/sh
# The program with a model: a scripted server stands for the provider. What is fixed here is what a user relies on: who is
# asked, what is told, what leaves the machine, what happens when it fails, and that hostile lines change nothing.
. "${srcdir:-.}/tests/script/lib.sh"
serve=$tests_built/tests/script/serve
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT

# serving: starts the server with the script in the file script; $url
serving() {
	[ -z "$server" ] || kill "$server" 2>/dev/null
	rm -f sent port
	"$serve" script sent >port &
	server=$!
	while [ ! -s port ]; do kill -0 "$server" || break; done
	url=http://127.0.0.1:$(cat port)
}
models='reply 200
text {"data":[{"id":"m","max_model_len":32000}]}'
# stream TEXT: a streamed answer, TEXT inside a JSON string
stream() {
	printf 'reply 200 text/event-stream\n'
	printf 'text data: {"choices":[{"delta":{"reasoning_content":"Let me look."}}]}\ntext \n'
	printf '%s\n' "text data: {\"choices\":[{\"delta\":{\"content\":\"$1\"}}]}"
	printf 'text \ntext data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":50}}\ntext \ntext data: [DONE]\ntext \n'
}
verdict='{\"verdict\":\"root_cause\",\"service\":\"orders-db\",\"summary\":\"orders-db ran out of connections [E4].\",\"severity\":\"critical\",\"confidence\":0.9,\"claims\":[{\"text\":\"It failed 9,999 times\",\"evidence\":[\"E4\"]}],\"recommendations\":[\"Raise the pool.\"]}'
log=$samples/checkout-incident.csv
asked() { env OPENAI_BASE_URL="$url" MODEL_NAME=m "$@"; }

{ echo "$models"; stream "$verdict"; stream "No ticket."; } >script
serving
status=0; asked "$tocsin" analyze --db none --record rec "$log" >"$out" 2>"$err" </dev/null || status=$?
command_line=analyze
exits 0
prints '| Let me look.'
prints 'model: root cause: orders-db (confidence 0.90)'
prints 'unproven: It failed 9,999 times [E4]'
prints 'built in: agrees: root_cause, orders-db'
prints 'price unknown'
test_is "analyze streams reasoning and verdict of the model, beside the built-in one"

run analyze --db none --provider replay:rec "$log"
exits 0
prints 'model: root cause: orders-db (confidence 0.90)'
prints 'replay/m: '
test_is "a recording is played again without a network"

{ echo "$models"; stream "$verdict"; stream "No ticket."; } >script
serving
status=0; asked "$tocsin" analyze --json --db none "$log" >"$out" 2>"$err" </dev/null || status=$?
exits 0
prints_lines 1
members "$analysis"
gives analyst compatible/m
gives root_cause.summary 'orders-db ran out of connections [E4].'
gives usage.input_tokens 2000
gives builtin.verdict root_cause
says 'Let me look.'
test_is "analyze --json names the model, keeps the built-in verdict, and counts its tokens"

{ echo "$models"; stream "The database orders-db failed first [E4]."; } >script
serving
status=0; asked "$tocsin" ask 'who failed first' "$log" >"$out" 2>"$err" </dev/null || status=$?
command_line=ask
exits 0
prints 'The database orders-db failed first [E4].'
prints '  E4  checkout-incident.csv:'
omits 'Let me look.'
says 'Let me look.'
test_is "ask prints the answer and what it cites; reasoning goes aside"

printf 'reply 401\ntext {"error":{"message":"Incorrect API key provided: sk-aaaaaaaaaaaaaaaaaaaa1234"}}\n' >script
serving
status=0; env OPENAI_API_KEY=sk-aaaaaaaaaaaaaaaaaaaa1234 OPENAI_BASE_URL="$url" "$tocsin" ask 'who failed first' "$log" >"$out" 2>"$err" </dev/null || status=$?
exits 4
says 'openai refused the key sk-…1234 (401): check OPENAI_API_KEY.'
prints 'orders-db failed first'
! grep -q aaaaaaaa "$out" "$err" || fault "the key is printed"
test_is "a refused key is said without the key, and the built-in analyst answers with exit 4"

printf 'reply 500\n' >script
serving
status=0; asked env LLM_MAX_RETRIES=0 "$tocsin" ask 'who failed first' "$log" >"$out" 2>"$err" </dev/null || status=$?
exits 4
prints 'orders-db failed first'
test_is "a server out of order is said, and the built-in analyst answers"

run ask --provider nobody 'who failed first' "$log"
exits 2
says 'there is no "nobody"; there are builtin, openai'
run ask --provider openai 'who failed first' "$log"
exits 2
says 'needs a key: set OPENAI_API_KEY'
run ask --provider builtin 'who failed first' "$log"
exits 0
test_is "a provider that cannot be is a matter of usage"

printf '%s\n' "$models" >script
serving
status=0; asked "$tocsin" doctor >"$out" 2>"$err" </dev/null || status=$?
command_line=doctor
exits 0
prints 'compatible/m is asked first'
prints 'key accepted, model m, context of 32000 tokens'
run doctor
exits 0
prints 'no model is configured'
status=0; env LLAMA_URL=http://127.0.0.1:9 "$tocsin" doctor >"$out" 2>"$err" </dev/null || status=$?
exits 2
prints 'cannot be reached'
test_is "doctor says whether a provider is there, takes the key, and has the model"

run config
omits 'sk-'
status=0; env OPENAI_API_KEY=sk-aaaaaaaaaaaaaaaaaaaa1234 "$tocsin" config >"$out" 2>"$err" </dev/null || status=$?
! grep -q aaaa "$out" || fault "config prints a key"
prints '****'
test_is "config masks keys"

# Hostile lines: each of them in the log of the incident, none changes what is concluded, proposed or sent elsewhere.
{ echo "$models"; stream "$verdict"; stream "No ticket."; } >script
serving
status=0; asked "$tocsin" analyze --json --db none "$log" >"$out" 2>"$err" </dev/null || status=$?
"$inspect" get root_cause.service <"$out" >plain; "$inspect" get builtin.root_cause.service <"$out" >>plain
"$inspect" get tickets.0.title <"$out" >>plain
cp "$log" hostile.csv
sed 's/"/""/g; s/^/2025-05-17T20:45:00Z,gateway,ERROR,"/; s/$/"/' "$tests_from/tests/script/hostile-lines.txt" >>hostile.csv
{ echo "$models"; stream "$verdict"; stream "No ticket."; } >script
serving
status=0; asked "$tocsin" analyze --json --db none hostile.csv >"$out" 2>"$err" </dev/null || status=$?
command_line="analyze hostile.csv"
exits 0
"$inspect" get root_cause.service <"$out" >with; "$inspect" get builtin.root_cause.service <"$out" >>with
"$inspect" get tickets.0.title <"$out" >>with
cmp -s plain with || fault "hostile lines change the verdict or a ticket" with
[ "$(grep -c '^POST\|^GET' sent)" -eq 3 ] || fault "hostile lines change what is asked" sent
! grep -q '<|im_start|>\|<tool_call>\|<think>' sent || fault "a tag of a template is sent" sent
[ "$(wc -l <"$tests_from/tests/script/hostile-lines.txt")" -ge 100 ] || fault "there are fewer than 100 hostile lines"
test_is "100 hostile lines change neither verdict nor ticket nor destination"
finish
