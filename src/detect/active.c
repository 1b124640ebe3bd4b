/*
 * A pause between two records is a silence when it is longer than a minute and four times as long as the pauses that
 * are usual here: as the k-th longest of all n, where k is the root of n. So neither a log that says a line now and
 * then nor a flood after it makes its own rhythm a silence, while a few stray lines cannot stretch the log. Times are
 * judged in a sample, sorted: a late record is where it belongs, and a wrong clock is a stretch of its own.
 */
#include "detect/active.h"

#include <stdlib.h>

#define ACTIVE_SAMPLE 65536
#define SILENCE_SHORTEST ((uint64_t)(60 * TIMESTAMP_SECOND))
#define SILENCE_RATIO 4

static int compare_times(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

static int compare_pauses(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return first > second ? -1 : first < second;
}

/* Sorted times of records, evenly over the ids, and the first and the last of all. */
static size_t sample_times(
	const struct store *store, struct horizon horizon, struct window extent, int64_t times[ACTIVE_SAMPLE + 2])
{
	uint64_t step = horizon.records / ACTIVE_SAMPLE + 1;
	size_t count = 2;

	times[0] = extent.from;
	times[1] = extent.to - 1;
	for (uint64_t id = 0; id < horizon.records; id += step) {
		times[count] = store_time(store, id);
		count += times[count] != TIMESTAMP_NONE;
	}
	qsort(times, count, sizeof(*times), compare_times);
	return count;
}

/* Pauses longer than this are silences. */
static uint64_t silence_limit(const int64_t *times, size_t count, uint64_t *pauses)
{
	size_t usual = 1;
	uint64_t limit;

	for (size_t i = 1; i < count; i++)
		pauses[i - 1] = (uint64_t)times[i] - (uint64_t)times[i - 1];
	qsort(pauses, count - 1, sizeof(*pauses), compare_pauses);
	while ((usual + 1) * (usual + 1) < count)
		usual++;
	limit = pauses[usual - 1] < UINT64_MAX / SILENCE_RATIO ? pauses[usual - 1] * SILENCE_RATIO : UINT64_MAX;
	if (limit < SILENCE_SHORTEST)
		limit = SILENCE_SHORTEST;
	if (count > ACTIVE_STRETCHES && limit < pauses[ACTIVE_STRETCHES - 1])
		limit = pauses[ACTIVE_STRETCHES - 1];
	return limit;
}

bool active_read(struct active *active, const struct store *store, struct horizon horizon, int *error)
{
	struct window extent;
	int64_t *times;
	uint64_t *pauses;

	*active = (struct active){ 0 };
	*error = 0;
	if (!query_extent(store, horizon, &extent))
		return false;
	times = calloc(ACTIVE_SAMPLE + 2, sizeof(*times));
	pauses = calloc(ACTIVE_SAMPLE + 2, sizeof(*pauses));
	if (times != NULL && pauses != NULL) {
		size_t count = sample_times(store, horizon, extent, times);
		uint64_t limit = silence_limit(times, count, pauses);

		for (size_t i = 0; i < count; i++) {
			if (i == 0 || (uint64_t)times[i] - (uint64_t)times[i - 1] > limit)
				active->stretches[active->count++].from = times[i];
			active->stretches[active->count - 1].to = times[i] + 1;
		}
	} else {
		*error = ERROR_MEMORY;
	}
	free(times);
	free(pauses);
	return *error == 0;
}

static uint64_t stretch_length(struct window stretch)
{
	return (uint64_t)stretch.to - (uint64_t)stretch.from;
}

size_t active_stretch(const struct active *active, int64_t time)
{
	size_t index = 0;

	while (index + 1 < active->count && active->stretches[index + 1].from <= time)
		index++;
	return index;
}

uint64_t active_before(const struct active *active, int64_t time)
{
	uint64_t before = 0;

	for (size_t i = 0; i < active->count && active->stretches[i].from < time; i++)
		before += time < active->stretches[i].to ? (uint64_t)time - (uint64_t)active->stretches[i].from
							 : stretch_length(active->stretches[i]);
	return before;
}

uint64_t active_length(const struct active *active)
{
	return active->count > 0 ? active_before(active, active->stretches[active->count - 1].to) : 0;
}

int64_t active_time(const struct active *active, uint64_t before)
{
	size_t index = 0;

	while (index + 1 < active->count && before >= stretch_length(active->stretches[index]))
		before -= stretch_length(active->stretches[index++]);
	struct window stretch = active->stretches[index];
	return before < stretch_length(stretch) ? (int64_t)((uint64_t)stretch.from + before) : stretch.to;
}
