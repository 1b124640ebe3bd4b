/*
 * Counting one record into the totals.
 */
#include "store/totals.h"

#include <stdlib.h>

int totals_init(struct totals *totals, uint32_t services, uint32_t templates)
{
	totals->stride = (services + UINT32_C(63)) / 64;
	totals->services = calloc(services, sizeof(*totals->services));
	totals->templates = calloc(templates, sizeof(*totals->templates));
	totals->occurs = calloc(totals->stride * templates, sizeof(*totals->occurs));
	atomic_store_explicit(&totals->range.first, TIMESTAMP_NONE, memory_order_relaxed);
	atomic_store_explicit(&totals->range.last, TIMESTAMP_NONE, memory_order_relaxed);
	return totals->services && totals->templates && totals->occurs ? 0 : ERROR_MEMORY;
}

void totals_release(struct totals *totals)
{
	free(totals->services);
	free(totals->templates);
	free(totals->occurs);
}

/* There is one writer, so no locked instruction is needed. */
static void count(struct count_by_level *levels, uint8_t level)
{
	_Atomic uint64_t *number = &levels->of[level];

	atomic_store_explicit(number, atomic_load_explicit(number, memory_order_relaxed) + 1, memory_order_relaxed);
}

static void widen(struct time_range *range, int64_t time)
{
	int64_t first = atomic_load_explicit(&range->first, memory_order_relaxed);

	if (time == TIMESTAMP_NONE)
		return;
	if (first == TIMESTAMP_NONE || time < first)
		atomic_store_explicit(&range->first, time, memory_order_relaxed);
	if (time > atomic_load_explicit(&range->last, memory_order_relaxed))
		atomic_store_explicit(&range->last, time, memory_order_relaxed);
}

static _Atomic uint64_t *occurs_word(const struct totals *totals, uint32_t template, uint32_t service)
{
	return &totals->occurs[template * totals->stride + service / 64];
}

void totals_add(struct totals *totals, const struct record *record, bool is_new)
{
	struct template_row *row = &totals->templates[record->template];
	_Atomic uint64_t *word = occurs_word(totals, record->template, record->service);
	uint64_t bits = atomic_load_explicit(word, memory_order_relaxed), bit = UINT64_C(1) << record->service % 64;

	if (is_new) {
		row->first = *record;
		atomic_store_explicit(&row->range.first, TIMESTAMP_NONE, memory_order_relaxed);
		atomic_store_explicit(&row->range.last, TIMESTAMP_NONE, memory_order_relaxed);
	}
	count(&row->levels, record->level);
	widen(&row->range, record->time);
	if (!(bits & bit))
		atomic_store_explicit(word, bits | bit, memory_order_relaxed);
	count(&totals->services[record->service], record->level);
	count(&totals->levels, record->level);
	widen(&totals->range, record->time);
}

void totals_read_levels(const struct count_by_level *levels, uint64_t out[LEVEL_COUNT])
{
	for (size_t i = 0; i < LEVEL_COUNT; i++)
		out[i] = atomic_load_explicit(&levels->of[i], memory_order_relaxed);
}

bool totals_occurs(const struct totals *totals, uint32_t template, uint32_t service)
{
	uint64_t bits = atomic_load_explicit(occurs_word(totals, template, service), memory_order_relaxed);

	return bits >> service % 64 & 1;
}
