#!/bin/sh
# The four cases that operators of OpenStack meet most: each sample gets the right service, category and first steps.
. "${srcdir:-.}/tests/script/lib.sh"

# expect SAMPLE SERVICE CATEGORY STEP
expect() {
	run analyze --json --db none "$samples/openstack/$1.log"
	exits 0
	gives verdict root_cause
	gives root_cause.service "$2"
	gives category "$3"
	"$inspect" get recommendations <"$out" >.steps
	grep -qi -- "$4" .steps || fault "no step speaks of $4" .steps
	"$inspect" get claims.proven <"$out" | grep -q false && fault "a claim is unproven"
	test_is "$1: $3 in $2"
}

expect no-valid-host nova-scheduler resource_shortage 'Compare what was asked for'
expect database-pool nova-api database 'who holds the connections'
expect vif-plugging neutron-agent network 'latency of what it waits for'
run analyze --json --db none "$samples/openstack/nova-compute.log"
exits 0
gives category resource_shortage
test_is "nova-compute: resource_shortage"

run analyze --db none "$samples/openstack/no-valid-host.log"
prints "No runbook found. Escalate to on-call"
prints "cascade"
test_is "the report draws the cascade and says whom to ask"

run ask "Why is no valid host found?" "$samples/openstack/no-valid-host.log"
exits 0
prints "nova-scheduler"
run ask "Why did instance creation fail?" "$samples/openstack/vif-plugging.log"
exits 0
prints "neutron-agent"
run ask "Why is the dashboard slow?" "$samples/openstack/database-pool.log"
exits 0
prints "nova-api"
run ask "Why can I not reach the VM?" "$samples/openstack/vif-plugging.log"
exits 0
prints "neutron-agent"
run ask "Why are there intermittent failures?" "$samples/openstack/database-pool.log"
exits 0
prints "nova-api"
test_is "the five common questions name the service that failed first"
finish
