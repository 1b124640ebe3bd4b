/*
 * A CSV of any size for benchmarks: about 100 bytes a line, one in seven with quotes.
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
