/*
 * Sums of ledgers: they are nothing but counts, so no count can be forgotten here.
 */
#include <string.h>

#include "tocsin/store/store.h"

#define COUNTS (sizeof(struct ledger) / sizeof(uint64_t))

void ledger_add(struct ledger *sum, const struct ledger *more)
{
	uint64_t into[COUNTS], from[COUNTS];

	memcpy(into, sum, sizeof(into));
	memcpy(from, more, sizeof(from));
	for (size_t i = 0; i < COUNTS; i++)
		into[i] += from[i];
	memcpy(sum, into, sizeof(into));
}

bool ledger_is_empty(const struct ledger *ledger)
{
	static const struct ledger empty;

	return memcmp(ledger, &empty, sizeof(empty)) == 0;
}
