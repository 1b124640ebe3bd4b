#!/bin/sh
# Metrics, traces, changes and alerts beside the log: named by flags, or lying among the sources.
. "${srcdir:-.}/tests/script/lib.sh"

mkdir -p case/logs books
cp "$samples/service-logs.csv" case/logs/
printf 'timestamp,service,metric,value\n2025-05-17T20:39:00Z,gateway,cpu,0.5\nsoon,gateway,cpu,1\n' >case/metrics.csv
printf 'TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\n%s\n' \
	't,a,root,gateway-6f6cfc45b-d9pnv,GET,1747514340000000000,1747514341000000000,1000000' >case/traces.csv
printf '{"commits":[{"sha":"47d8236","message":"tidy","timestamp":"2025-05-17T20:00:00Z"}]}\n' >case/changes.json
printf '{"service":"gateway","metric":"errors","threshold":1,"fired_at":"2025-05-17T20:41:00Z"}\n' >case/alert.json
printf 'gateway -> orders\n' >topology.conf
printf -- '---\nmatch: pool\n---\n# Pools\n' >books/pool.md

run stats --json "$samples/service-logs.csv"
alone=$(value records)
run stats --json case
exits 0
equal "$(value records)" "$alone" "records of the folder"
says "case/metrics.csv: line 3: \"soon\" is no time"
test_is "what is no log lies in the folder and brings no records"

run stats case
exits 0
prints "metrics  case/metrics.csv: 1 kept, 1 left out"
prints "traces   case/traces.csv: 1 kept"
prints "changes  case/changes.json: 1 kept"
prints "alerts   case/alert.json: 1 kept"
test_is "it is listed as what it is"

run stats case/logs/service-logs.csv case/metrics.csv
prints "metrics  case/metrics.csv: 1 kept, 1 left out"
run stats --json --format csv case/metrics.csv
equal "$(value records)" 2 "records of a file whose format is named"
test_is "a file is told by its header, unless its format is named"

run stats --metrics case/metrics.csv --traces case/traces.csv --changes case/changes.json --alert case/alert.json \
	--topology topology.conf --runbooks books case/logs
exits 0
for kind in metrics traces changes alerts topology runbooks; do prints "$kind "; done
test_is "each can be named by its flag"

run stats --metrics absent.csv case/logs
exits 3
says "absent.csv: No such file"
prints "gateway"
run stats --traces case/metrics.csv case/logs
exits 3
says "case/metrics.csv: line 1: the header must name TraceID"
run stats --runbooks case case/logs
exits 3
says "case: no *.md in it"
test_is "what cannot be used is said, is 3, and the log is read all the same"

run stats --topology "$samples/topology.conf" --runbooks "$samples/runbooks" case/logs
exits 0
says_nothing
prints "topology $samples/topology.conf: 8 kept"
prints "runbooks $samples/runbooks: 6 kept"
test_is "the samples of topology and runbooks are sound"

"$samples/send-events" - >events.ndjson
run anomalies --json events.ndjson
exits 0
grep cascade_failure "$out" >cascade
mv cascade "$out"
gives services.0 orders-db
gives services.1 inventory-service
gives services.2 payment-service
gives services.3 gateway
gives services.4 notifier
test_is "the events that send-events makes are a cascade of five services, in order"
finish
