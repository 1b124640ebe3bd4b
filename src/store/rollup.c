/*
 * Adding up segments, and finished rollups into the level above.
 */
#include "store/rollup.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ENTRIES ((size_t)1 << 16) /* a rollup with more tuples would hardly be smaller than what it sums up */

static void clear(struct rollup_sum *sum)
{
	for (size_t i = 0; i < sum->count; i++)
		sum->entry_of[sum->entries[i].tuple] = 0;
	sum->count = 0;
	sum->minimum = INT64_MAX;
	sum->maximum = TIMESTAMP_NONE;
	sum->failed = false;
}

int rollups_init(struct rollups *rollups, size_t fanout, uint64_t segments)
{
	size_t span = 1;

	rollups->fanout = fanout;
	for (size_t level = 0; level < ROLLUP_LEVELS; level++) {
		span *= fanout;
		rollups->segments[level] = span;
		rollups->most[level] = segments / span;
		clear(&rollups->sums[level]);
		rollups->shown[level] = calloc(rollups->most[level] + 1, sizeof(*rollups->shown[level]));
		if (!rollups->shown[level])
			return ERROR_MEMORY;
	}
	return 0;
}

void rollups_release(struct rollups *rollups)
{
	for (size_t level = 0; level < ROLLUP_LEVELS; level++) {
		for (uint64_t i = 0; rollups->shown[level] && i < rollups->most[level]; i++) {
			struct rollup *rollup = atomic_load_explicit(&rollups->shown[level][i], memory_order_relaxed);

			free(rollup);
		}
		free(rollups->shown[level]);
		free(rollups->sums[level].entry_of);
		free(rollups->sums[level].entries);
	}
}

/* --- adding up ------------------------------------------------------------------------------------------------- */

static bool make_entry_of(struct rollup_sum *sum, uint32_t tuple)
{
	size_t count = (size_t)tuple + tuple / 2 + 64;
	uint32_t *grown;

	if (tuple < sum->entry_of_count)
		return true;
	grown = reallocarray(sum->entry_of, count, sizeof(*grown));
	if (!grown)
		return false;
	memset(grown + sum->entry_of_count, 0, (count - sum->entry_of_count) * sizeof(*grown));
	sum->entry_of = grown;
	sum->entry_of_count = count;
	return true;
}

static bool make_place(struct rollup_sum *sum)
{
	size_t capacity = sum->capacity > 0 ? sum->capacity * 2 : 64;
	struct rollup_entry *grown;

	if (sum->count < sum->capacity)
		return true;
	grown = capacity <= MOST_ENTRIES ? reallocarray(sum->entries, capacity, sizeof(*grown)) : NULL;
	if (!grown)
		return false;
	sum->entries = grown;
	sum->capacity = capacity;
	return true;
}

static void add(struct rollup_sum *sum, uint32_t tuple, uint32_t records, uint32_t first)
{
	sum->failed = sum->failed || !make_entry_of(sum, tuple);
	if (sum->failed)
		return;
	if (sum->entry_of[tuple] == 0) {
		sum->failed = !make_place(sum);
		if (sum->failed)
			return;
		sum->entries[sum->count++] = (struct rollup_entry){ .tuple = tuple, .first = first };
		sum->entry_of[tuple] = (uint32_t)sum->count;
	}
	sum->entries[sum->entry_of[tuple] - 1].records += records;
}

static void widen(struct rollup_sum *sum, int64_t minimum, int64_t maximum)
{
	sum->minimum = minimum < sum->minimum ? minimum : sum->minimum;
	sum->maximum = maximum > sum->maximum ? maximum : sum->maximum;
}

/* The finished rollup, or NULL when it has to be left out. */
static struct rollup *finish(struct rollup_sum *sum)
{
	struct rollup *rollup = NULL;

	if (!sum->failed)
		rollup = malloc(sizeof(*rollup) + sum->count * sizeof(*rollup->entries));
	if (rollup) {
		rollup->minimum = sum->minimum;
		rollup->maximum = sum->maximum;
		rollup->count = sum->count;
		if (sum->count > 0)
			memcpy(rollup->entries, sum->entries, sum->count * sizeof(*rollup->entries));
	}
	clear(sum);
	return rollup;
}

void rollups_add(struct rollups *rollups, const struct sealer *sealer, const struct segment *segment, uint64_t index)
{
	struct rollup_sum *sum = &rollups->sums[0];
	size_t records = sealer->records;

	widen(sum, segment->minimum, segment->maximum);
	for (size_t i = 0; i < sealer->entry_count; i++)
		add(sum, sealer->entries[i].tuple, sealer->entries[i].records,
			(uint32_t)(index % rollups->fanout * records + sealer->entries[i].first));
	for (size_t level = 0; level < ROLLUP_LEVELS && (index + 1) % rollups->segments[level] == 0; level++) {
		uint64_t place = index / rollups->segments[level];
		struct rollup *rollup = finish(&rollups->sums[level]);

		atomic_store_explicit(&rollups->shown[level][place], rollup, memory_order_release);
		if (level + 1 == ROLLUP_LEVELS)
			break;
		sum = &rollups->sums[level + 1];
		sum->failed = sum->failed || !rollup;
		if (!rollup)
			continue;
		widen(sum, rollup->minimum, rollup->maximum);
		for (size_t i = 0; i < rollup->count; i++)
			add(sum, rollup->entries[i].tuple, rollup->entries[i].records,
				(uint32_t)(place % rollups->fanout * rollups->segments[level] * records +
					rollup->entries[i].first));
	}
}

const struct rollup *rollups_find(const struct rollups *rollups, size_t level, uint64_t index)
{
	if (index >= rollups->most[level])
		return NULL;
	return atomic_load_explicit(&rollups->shown[level][index], memory_order_acquire);
}
