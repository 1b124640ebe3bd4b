/*
 * The horizon and what lies at its edge: the running maximum of times orders the segments, so that a moment is found by
 * halving them and reading through one.
 */
#include "tocsin/store/query.h"

#include "store/query_walk.h"

static int64_t newest_time(const struct store *store, uint64_t visible)
{
	int64_t times[PLANES_NUMBERS], newest;
	uint64_t segment;
	size_t count;

	if (visible <= store->shape.first)
		return TIMESTAMP_NONE;
	segment = store_segment_of(store, visible - 1);
	newest = store_maximum_before(store, segment);
	count = store_position_of(store, visible - 1) + 1;
	for (size_t i = 0; i < count; i++) {
		if (i % PLANES_NUMBERS == 0)
			store_block_times(store, segment, i / PLANES_NUMBERS, times);
		if (times[i % PLANES_NUMBERS] > newest)
			newest = times[i % PLANES_NUMBERS];
	}
	return newest;
}

struct horizon horizon_all(const struct store *store)
{
	uint64_t count = store_count(store);

	if (!store_has_records(store))
		return (struct horizon){ count, store_totals(store).last };
	return (struct horizon){ count, newest_time(store, count) };
}

struct horizon horizon_at(const struct store *store, int64_t time)
{
	struct horizon all = horizon_all(store);
	uint64_t visible;

	if (time >= all.time || !store_has_records(store))
		return all;
	visible = query_find_time(store, all, time + 1);
	return (struct horizon){ visible, newest_time(store, visible) };
}

uint64_t query_find_time(const struct store *store, struct horizon horizon, int64_t time)
{
	uint64_t visible = walk_visible(store, horizon), segment, first;
	int64_t times[PLANES_NUMBERS];

	if (visible <= store->shape.first)
		return horizon.records;
	segment = walk_find_segment(store, visible, time);
	first = store_first_of(store, segment);
	for (size_t i = 0; first + i < visible && i < store->shape.segment_records; i++) {
		if (i % PLANES_NUMBERS == 0)
			store_block_times(store, segment, i / PLANES_NUMBERS, times);
		if (times[i % PLANES_NUMBERS] >= time)
			return first + i;
	}
	return horizon.records;
}

/* --- the extent ------------------------------------------------------------------------------------------------ */

static void widen(struct window *extent, int64_t first, int64_t last)
{
	extent->from = first < extent->from ? first : extent->from;
	extent->to = last > extent->to ? last : extent->to;
}

/* Of one segment, as far as it is visible. */
static void widen_by_segment(const struct store *store, uint64_t segment, uint64_t visible, struct window *extent)
{
	uint64_t rest = visible - store_first_of(store, segment);
	size_t records = store->shape.segment_records, count = rest < records ? (size_t)rest : records;
	const struct segment *sealed = count == records ? store_sealed(store, segment) : NULL;
	int64_t times[PLANES_NUMBERS];

	if (sealed) {
		widen(extent, sealed->minimum, sealed->maximum);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (i % PLANES_NUMBERS == 0)
			store_block_times(store, segment, i / PLANES_NUMBERS, times);
		if (times[i % PLANES_NUMBERS] != TIMESTAMP_NONE)
			widen(extent, times[i % PLANES_NUMBERS], times[i % PLANES_NUMBERS]);
	}
}

bool query_extent(const struct store *store, struct horizon horizon, struct window *extent)
{
	uint64_t visible = walk_visible(store, horizon), segment = 0;
	size_t span = store->rollups.segments[0];
	struct window found = { INT64_MAX, TIMESTAMP_NONE };

	while (store_has_records(store) && store_first_of(store, segment) < visible) {
		const struct rollup *rollup = NULL;

		if (segment % span == 0 && store_first_of(store, segment + span) <= visible)
			rollup = rollups_find(&store->rollups, 0, segment / span);
		if (rollup)
			widen(&found, rollup->minimum, rollup->maximum);
		else
			widen_by_segment(store, segment, visible, &found);
		segment += rollup ? span : 1;
	}
	if (found.to == TIMESTAMP_NONE)
		return false;
	if (found.to < INT64_MAX)
		found.to++;
	*extent = found;
	return true;
}
