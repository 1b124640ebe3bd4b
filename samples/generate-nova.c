/*
 * A log of OpenStack's nova: instances start until the hosts are out of memory, then "No valid host was found".
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "generate.h"

/* One request to start an instance, as the four services of nova see it. */
struct boot {
	char context[160];
	char instance[40];
	int memory, processors;
};

struct nova {
	struct chance chance;
	int64_t time; /* microseconds since 14:00:00 */
	int free_memory;
};

__attribute__((format(printf, 5, 6))) static void oslo(
	struct nova *nova, int process, const char *level, const char *logger, const char *format, ...)
{
	int64_t second = nova->time / SECOND;
	va_list arguments;

	printf("2025-05-17 14:%02d:%02d.%03d %d %s %s ", (int)(second / 60), (int)(second % 60),
		(int)(nova->time % SECOND / MILLISECOND), process, level, logger);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	nova->time += between(&nova->chance, 4, 60) * MILLISECOND;
}

static void make_uuid(struct chance *chance, char out[40])
{
	uint64_t high = next(chance);
	uint64_t low = next(chance);

	snprintf(out, 40, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
		(unsigned)(high & 0xfff), (unsigned)(0x8000 | (low >> 48 & 0x3fff)), low & UINT64_C(0xffffffffffff));
}

enum { API = 2710, METADATA = 2811, SCHEDULER = 2931, CONDUCTOR = 2944, COMPUTE = 3127 };

static void make_request(struct nova *nova, char context[160])
{
	char uuid[40];

	make_uuid(&nova->chance, uuid);
	snprintf(
		context, 160, "[req-%s 113d3a99c3da401fbd62cc2caa5b96d2 54fadb412c4e40cdbaed9335e4c35a9e - - -]", uuid);
}

static void api_line(struct nova *nova, const char *context, const char *request, int status)
{
	int client = between(&nova->chance, 1, 6);
	int length = between(&nova->chance, 211, 1910);
	int took = between(&nova->chance, 900000, 4900000);

	oslo(nova, API, "INFO", "nova.osapi_compute.wsgi.server",
		"%s 10.11.10.%d \"%s HTTP/1.1\" status: %d len: %d time: 0.%07d", context, client, request, status,
		length, took);
}

static void begin_boot(struct nova *nova, struct boot *boot)
{
	make_request(nova, boot->context);
	make_uuid(&nova->chance, boot->instance);
	api_line(nova, boot->context, "POST /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers", 202);
	oslo(nova, SCHEDULER, "DEBUG", "nova.scheduler.filter_scheduler", "%s Starting with 3 host(s)", boot->context);
}

static void boot_succeeds(struct nova *nova, const struct boot *boot)
{
	struct chance *chance = &nova->chance;
	int after = between(chance, 15, 28);

	oslo(nova, SCHEDULER, "INFO", "nova.scheduler.filter_scheduler", "%s Selected host: compute-%d for instance %s",
		boot->context, between(chance, 1, 3), boot->instance);
	oslo(nova, COMPUTE, "INFO", "nova.compute.claims",
		"%s [instance: %s] Attempting claim: memory %d MB, disk 20 GB, vcpus %d CPU", boot->context,
		boot->instance, boot->memory, boot->processors);
	oslo(nova, COMPUTE, "INFO", "nova.compute.claims", "%s [instance: %s] Claim successful", boot->context,
		boot->instance);
	oslo(nova, COMPUTE, "INFO", "nova.virt.libvirt.driver", "%s [instance: %s] Creating image", boot->context,
		boot->instance);
	nova->time += after * SECOND / 4;
	oslo(nova, COMPUTE, "INFO", "nova.compute.manager", "[-] [instance: %s] VM Started (Lifecycle Event)",
		boot->instance);
	oslo(nova, COMPUTE, "INFO", "nova.virt.libvirt.driver", "[-] [instance: %s] Instance spawned successfully.",
		boot->instance);
	oslo(nova, COMPUTE, "INFO", "nova.compute.manager", "%s [instance: %s] Took %d.%02d seconds to build instance.",
		boot->context, boot->instance, after, between(chance, 0, 99));
	nova->free_memory -= boot->memory;
}

static void print_traceback(struct nova *nova, const struct boot *boot)
{
	static const char *const lines[] = {
		"Traceback (most recent call last):",
		"  File \"/usr/lib/python3/dist-packages/nova/compute/manager.py\", "
		"line 2412, in _build_and_run_instance",
		"    with self.rt.instance_claim(context, instance, node, allocs, limits):",
		"  File \"/usr/lib/python3/dist-packages/nova/compute/resource_tracker.py\", "
		"line 180, in instance_claim",
		"    claim = claims.Claim(context, instance, nodename, self, cn, pci_requests, limits=limits)",
	};
	int64_t time = nova->time;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		oslo(nova, COMPUTE, "ERROR", "nova.compute.manager", "%s [instance: %s] %s", boot->context,
			boot->instance, lines[i]);
		nova->time = time; /* one event: the prefix is the same on every line */
	}
	oslo(nova, COMPUTE, "ERROR", "nova.compute.manager",
		"%s [instance: %s] nova.exception.ComputeResourcesUnavailable: "
		"Insufficient compute resources: Free memory %d.00 MB < requested %d MB.",
		boot->context, boot->instance, nova->free_memory, boot->memory);
}

static void boot_fails(struct nova *nova, const struct boot *boot, bool on_host)
{
	if (on_host) {
		oslo(nova, COMPUTE, "INFO", "nova.compute.claims",
			"%s [instance: %s] Attempting claim: memory %d MB, disk 20 GB, vcpus %d CPU", boot->context,
			boot->instance, boot->memory, boot->processors);
		print_traceback(nova, boot);
		oslo(nova, CONDUCTOR, "WARNING", "nova.conductor.manager",
			"%s Instance %s is rescheduled, attempt 2 of 3", boot->context, boot->instance);
	}
	oslo(nova, SCHEDULER, "INFO", "nova.filters", "%s Filter RamFilter returned 0 hosts", boot->context);
	oslo(nova, SCHEDULER, "DEBUG", "nova.scheduler.filter_scheduler",
		"%s There are 0 hosts available but 1 instances requested to build.", boot->context);
	oslo(nova, CONDUCTOR, "ERROR", "nova.conductor.manager",
		"%s Failed to schedule instances: NoValidHost_Remote: "
		"No valid host was found. There are not enough hosts available.",
		boot->context);
	oslo(nova, CONDUCTOR, "WARNING", "nova.scheduler.utils", "%s [instance: %s] Setting instance to ERROR state.",
		boot->context, boot->instance);
	api_line(nova, boot->context, "GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail", 200);
}

static void audit(struct nova *nova)
{
	int client = between(&nova->chance, 120, 142);
	int took = between(&nova->chance, 9000, 480000);
	char context[160];

	oslo(nova, COMPUTE, "INFO", "nova.compute.resource_tracker",
		"[req-addc1839-2ed5-4778-b57e-5854eb7b8b09 - - - - -] "
		"Auditing locally available compute resources for node compute-2");
	oslo(nova, COMPUTE, nova->free_memory < 4096 ? "WARNING" : "INFO", "nova.compute.resource_tracker",
		"[req-addc1839-2ed5-4778-b57e-5854eb7b8b09 - - - - -] "
		"Total usable vcpus: 32, total allocated vcpus: %d, free memory: %d MB",
		32 - nova->free_memory / 4096, nova->free_memory);
	make_request(nova, context);
	oslo(nova, METADATA, "INFO", "nova.metadata.wsgi.server",
		"%s 10.11.21.%d,10.11.10.1 \"GET /openstack/2013-10-17 HTTP/1.1\" status: 200 len: 157 time: 0.%07d",
		context, client, took);
}

void generate_nova(void)
{
	struct nova nova = { .chance = { 14000517 }, .time = 8 * MILLISECOND, .free_memory = 128000 };
	char context[160];

	for (int round = 0; round < 62; round++) {
		struct boot boot = { .memory = round % 3 == 0 ? 8192 : 2048, .processors = round % 3 == 0 ? 4 : 1 };

		if (round == 24) /* someone starts a fleet of large instances */
			nova.free_memory = 812;
		if (round % 2 == 0)
			audit(&nova);
		make_request(&nova, context);
		api_line(&nova, context, "GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail", 200);
		if (round >= 22 && round < 24)
			boot.memory = 16384;
		begin_boot(&nova, &boot);
		if (nova.free_memory >= boot.memory)
			boot_succeeds(&nova, &boot);
		else
			boot_fails(&nova, &boot, round % 6 == 0);
		if (round % 5 == 4)
			api_line(&nova, context, "DELETE /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/old", 204);
		nova.time += between(&nova.chance, 8, 17) * SECOND;
	}
}
