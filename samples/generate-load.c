/*
 * Logs of any size for benchmarks: a CSV of about 100 bytes a line, one in seven with quotes; lines of JSON of about 250
 * bytes, and of nova of about 300.
 */
#include <stdio.h>

#include "generate.h"

#define DAY_SECONDS INT64_C(86400)

static const char *const services[] = { "gateway", "auth", "search", "orders-db", "inventory-service",
	"payment-service", "shipping", "notifier" };
static const char *const levels[] = { "DEBUG", "INFO", "WARN", "ERROR" };

/* Debug a third, a few warnings and errors. */
static const char *pick_level(int percent)
{
	if (percent < 2)
		return levels[3];
	if (percent < 8)
		return levels[2];
	return percent < 40 ? levels[0] : levels[1];
}

static int print_message(struct chance *chance, const char *upstream, bool is_trouble)
{
	int quoted = happens(chance, 140);
	int order = between(chance, 80000, 99999);
	int number = between(chance, 1, 9);
	int took = duration(chance, is_trouble ? 900 : 40);
	unsigned request = (unsigned)next(chance);

	if (quoted)
		return printf("\"reserved sku=BT-%d, quantity=%d, order=%d\"\n", 1000 + order % 97, number, order);
	if (is_trouble)
		return printf(
			"upstream %s answered %d after %d ms: request=%08x\n", upstream, 499 + number, took, request);
	return printf("GET /orders/%d 200 in %d ms for user u%04d request=%08x\n", order, took, order % 4000, request);
}

void generate_load(uint64_t bytes)
{
	struct chance chance = { 7 };
	uint64_t written = 0;
	int64_t time = 0;

	puts("timestamp,service,level,message");
	while (written < bytes) {
		int64_t second = time / SECOND;
		int percent = between(&chance, 0, 99);
		int service = between(&chance, 0, 7);
		int size = printf("2025-05-%02dT%02d:%02d:%02d.%06d,%s,%s,", 1 + (int)(second / DAY_SECONDS % 31),
			(int)(second / 3600 % 24), (int)(second / 60 % 60), (int)(second % 60), (int)(time % SECOND),
			services[service], pick_level(percent));

		size += print_message(&chance, services[(service + 1) % 8], percent < 8);
		written += (uint64_t)size;
		time += between(&chance, 10, 900);
	}
}

/* "2025-05-01", then `between`, then "00:00:00" and the fraction. */
static int print_time(int64_t time, char between_both, int digits)
{
	int64_t second = time / SECOND;
	int64_t fraction = time % SECOND / (digits == 3 ? 1000 : 1);

	return printf("2025-05-%02d%c%02d:%02d:%02d.%0*d", 1 + (int)(second / DAY_SECONDS % 31), between_both,
		(int)(second / 3600 % 24), (int)(second / 60 % 60), (int)(second % 60), digits, (int)fraction);
}

void generate_load_json(uint64_t bytes)
{
	struct chance chance = { 7 };
	uint64_t written = 0;

	for (int64_t time = 0; written < bytes; time += between(&chance, 10, 900)) {
		int percent = between(&chance, 0, 99), service = between(&chance, 0, 7), order = between(&chance, 80000, 99999);
		unsigned request = (unsigned)next(&chance);
		int size = printf("{\"timestamp\":\"");

		size += print_time(time, 'T', 6);
		size += printf("Z\",\"level\":\"%s\",\"service\":\"%s\",\"message\":\"", pick_level(percent), services[service]);
		size += printf("GET /orders/%d 200 in %d ms for user u%04d request=%08x", order, duration(&chance, 40),
			order % 4000, request);
		size += printf("\",\"host\":\"node-%d\",\"trace_id\":\"%08x%08x\",\"status\":200,\"bytes\":%d}\n",
			between(&chance, 1, 40), request, request ^ 0x5bd1e995U, order * 3);
		written += (uint64_t)size;
	}
}

void generate_load_nova(uint64_t bytes)
{
	struct chance chance = { 7 };
	uint64_t written = 0;

	for (int64_t time = 0; written < bytes; time += between(&chance, 10, 900)) {
		unsigned request = (unsigned)next(&chance), project = (unsigned)next(&chance);
		int percent = between(&chance, 0, 99), took = duration(&chance, 40), size = print_time(time, ' ', 3);

		size += printf(" %d %s nova.osapi_compute.wsgi.server [req-%08x-2ed5-4778-b57e-%08x%04x %08xa5b8cc4d93f4a1f66e2cb0a1 "
			       "%08x54fadb412c4e40cdbaed9335e4c35a9e - - -] ",
			25700 + percent % 8, pick_level(percent), request, request ^ 0x9e3779b9U, took & 0xffff, project,
			project ^ 0x5bd1e995U);
		size += printf("10.11.10.%d \"GET /v2/%08x54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1\" status: 200 "
			       "len: %d time: 0.%07d\n",
			percent, project, 1800 + percent, took * 1000 + percent);
		written += (uint64_t)size;
	}
}
