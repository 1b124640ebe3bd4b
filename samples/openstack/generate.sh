#!/bin/sh
# Writes the three small samples beside it: made up line by line, the same bytes on every run. Five quiet minutes of
# nova, neutron, cinder and keystone, then one of the troubles that operators of OpenStack meet most.
#
#   samples/openstack/generate.sh no-valid-host > samples/openstack/no-valid-host.log
awk -v what="$1" '
function clock(second) {
	return sprintf("2025-05-17 %02d:%02d:%02d", 9 + int(second / 3600), int(second / 60) % 60, second % 60)
}
function say(second, milli, pid, level, logger, request, text) {
	printf "%s.%03d %d %s %s [%s] %s\n", clock(second), milli, pid, level, logger, request, text
}
function request(n) {
	return sprintf("req-%08x-0000-4000-8000-%012x 3f1c 9d2e - - -", n * 7919, n * 104729)
}
function quiet(second) {
	if (second % 2) return
	say(second, 12, 2710, "INFO", "nova.osapi_compute.wsgi.server", request(second), "10.0.0.7 \"GET /v2.1/servers HTTP/1.1\" status: 200 len: " 1200 + second " time: 0.0" 21 + second % 9)
	say(second, 240, 3127, "INFO", "nova.compute.resource_tracker", request(second + 5000), "Auditing locally available compute resources for node compute-" 1 + second % 3)
	say(second, 431, 4410, "INFO", "neutron.wsgi", request(second + 9000), "10.0.0.9 \"GET /v2.0/ports HTTP/1.1\" status: 200 len: 900 time: 0.03")
	if (second % 3 == 0) say(second, 650, 5120, "INFO", "cinder.volume.manager", request(second + 12000), "Updating volume status")
	if (second % 5 == 0) say(second, 800, 1990, "INFO", "keystone.common.wsgi", request(second + 15000), "POST http://10.0.0.2:5000/v3/auth/tokens")
}
function no_valid_host(second) {
	if (second % 2) return
	say(second, 300, 2950, "INFO", "nova.filters", request(second), "Filter RamFilter returned 0 hosts; requested memory: 16384 MB, available memory: 2048 MB")
	say(second, 310, 2950, "ERROR", "nova.scheduler.filter_scheduler", request(second), "No valid host was found. There are not enough hosts available; claimed 64 vcpus, available 4 vcpus")
	say(second, 900, 3003, "ERROR", "nova.conductor.manager", request(second), "Failed to compute_task_build_instances: No valid host was found. There are not enough hosts available.")
	say(second, 960, 2710, "ERROR", "nova.api.openstack.wsgi", request(second), "Build of instance aborted: the scheduler found no host")
}
function database_pool(second) {
	say(second, 300, 2710, "ERROR", "nova.api.openstack.extensions", request(second), "Unexpected exception in API method: TimeoutError: QueuePool limit of size 5 overflow 50 reached, connection timed out, timeout 30: the connection pool is exhausted")
	say(second, 380, 2710, "INFO", "nova.osapi_compute.wsgi.server", request(second), "10.0.0.7 \"GET /v2.1/servers HTTP/1.1\" status: 500 len: 0 time: 30.01")
	if (second % 4 == 0) say(second, 700, 3003, "ERROR", "nova.conductor.manager", request(second), "nova-api returned 500: HTTP 500 Internal Server Error")
}
function vif_plugging(second) {
	if (second % 3) return
	say(second, 100, 4421, "ERROR", "neutron.agent.linux.openvswitch", request(second), "Error while processing VIF ports: timed out waiting for ovs-vswitchd, tap device not found")
	say(second + 2, 500, 3127, "WARNING", "nova.virt.libvirt.driver", request(second), "Timeout waiting for vif plugging callback for instance 5f" second)
	say(second + 2, 520, 3127, "ERROR", "nova.compute.manager", request(second), "Instance failed to spawn: VirtualInterfaceCreateException: Virtual Interface creation failed, network timeout")
}
BEGIN {
	for (second = 0; second < 300; second++) quiet(second)
	for (second = 300; second < 420; second++) {
		quiet(second)
		if (what == "no-valid-host") no_valid_host(second)
		if (what == "database-pool") database_pool(second)
		if (what == "vif-plugging") vif_plugging(second)
	}
}' </dev/null | sort -s -k 1,2
