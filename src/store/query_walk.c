/*
 * Walking down the pyramid: from the highest rollup that begins at a segment and is visible to its end, to the segment,
 * to its records.
 */
#include "store/query_walk.h"

struct walk {
	const struct store *store;
	const struct walk_options *options;
	struct window window;
	uint64_t visible; /* ids below */
	uint64_t width;   /* of a bucket */
	uint64_t start;   /* of the bucket found last, counted from the beginning of the window */
	size_t bucket;    /* that bucket */
};

enum overlap { OUTSIDE, INSIDE, ACROSS };

uint64_t walk_visible(const struct store *store, struct horizon horizon)
{
	uint64_t count = store_has_records(store) ? store_count(store) : 0;

	return horizon.records < count ? horizon.records : count;
}

uint64_t walk_find_segment(const struct store *store, uint64_t visible, int64_t time)
{
	uint64_t low = 0, high = store_segment_of(store, visible - 1);

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (store_maximum_before(store, middle + 1) >= time)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool in_window(const struct walk *walk, int64_t time)
{
	return time != TIMESTAMP_NONE && time >= walk->window.from && time < walk->window.to;
}

/* The bucket of a time in the window, quickly when it is that of the time before. */
static size_t find_bucket(struct walk *walk, int64_t time)
{
	uint64_t offset = (uint64_t)time - (uint64_t)walk->window.from;

	if (offset - walk->start >= walk->width) {
		walk->bucket = (size_t)(offset / walk->width);
		walk->start = walk->bucket * walk->width;
	}
	return walk->bucket;
}

/* How do the times lie to the window? INSIDE means to one bucket of it. */
static enum overlap compare(struct walk *walk, int64_t minimum, int64_t maximum)
{
	if (maximum < walk->window.from || minimum >= walk->window.to)
		return OUTSIDE;
	if (minimum < walk->window.from || maximum >= walk->window.to)
		return ACROSS;
	return find_bucket(walk, minimum) == find_bucket(walk, maximum) ? INSIDE : ACROSS;
}

static void tell(struct walk *walk, uint32_t tuple, size_t bucket, uint64_t records, uint64_t first)
{
	walk->options->tell(walk->options->context, tuples_at(&walk->store->tuples, tuple), bucket, records, first);
}

/* The tuples of a block, by way of the dictionary where there is one. */
static void read_tuples(const struct walk *walk, uint64_t segment, size_t block, const struct segment *sealed,
	const uint32_t *entries, uint32_t tuples[PLANES_NUMBERS])
{
	uint64_t codes[PLANES_NUMBERS];

	if (!sealed) {
		store_block_tuples(walk->store, segment, block, tuples);
		return;
	}
	segment_codes(sealed, block, codes);
	for (size_t i = 0; i < PLANES_NUMBERS; i++)
		tuples[i] = entries[codes[i]];
}

static void tell_records(struct walk *walk, uint64_t segment, uint64_t first, size_t count)
{
	const struct segment *sealed = store_sealed(walk->store, segment);
	uint32_t entries[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS], tuples[PLANES_NUMBERS];
	int64_t times[PLANES_NUMBERS];

	if (sealed)
		segment_entry_tuples(sealed, entries);
	for (size_t block = 0; block * PLANES_NUMBERS < count; block++) {
		size_t rest = count - block * PLANES_NUMBERS, here = rest < PLANES_NUMBERS ? rest : PLANES_NUMBERS;

		store_block_times(walk->store, segment, block, times);
		read_tuples(walk, segment, block, sealed, entries, tuples);
		for (size_t i = 0; i < here; i++)
			if (in_window(walk, times[i]))
				tell(walk, tuples[i], find_bucket(walk, times[i]), 1,
					first + block * PLANES_NUMBERS + i);
	}
}

static void tell_rollup(struct walk *walk, const struct rollup *rollup, uint64_t first)
{
	for (size_t i = 0; i < rollup->count; i++) {
		const struct rollup_entry *entry = &rollup->entries[i];

		if (!tuples_at(&walk->store->tuples, entry->tuple)->timeless)
			tell(walk, entry->tuple, walk->bucket, entry->records, first + entry->first);
	}
}

/* Entries of records without a time come last. */
static void tell_segment(struct walk *walk, const struct segment *segment, uint64_t first)
{
	uint16_t firsts[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS];

	if (walk->options->firsts)
		segment_firsts(segment, firsts);
	for (size_t i = 0; i < segment->timed_count; i++)
		tell(walk, segment_entry_tuple(segment, i), walk->bucket, segment_entry_records(segment, i),
			walk->options->firsts ? first + firsts[i] : first);
}

/* Tells what a rollup knows of the segments from `segment` on; how many these are, or 0 when none can tell. */
static size_t walk_rollup(struct walk *walk, uint64_t segment)
{
	const struct rollups *rollups = &walk->store->rollups;

	for (size_t level = ROLLUP_LEVELS; level-- > 0;) {
		size_t span = rollups->segments[level];
		const struct rollup *rollup;
		enum overlap overlap;

		if (segment % span != 0 || store_first_of(walk->store, segment + span) > walk->visible)
			continue;
		rollup = rollups_find(rollups, level, segment / span);
		overlap = rollup ? compare(walk, rollup->minimum, rollup->maximum) : ACROSS;
		if (overlap == INSIDE)
			tell_rollup(walk, rollup, store_first_of(walk->store, segment));
		if (overlap != ACROSS)
			return span;
	}
	return 0;
}

static void walk_segment(struct walk *walk, uint64_t segment)
{
	uint64_t first = store_first_of(walk->store, segment), rest = walk->visible - first;
	size_t records = walk->store->shape.segment_records, count = rest < records ? (size_t)rest : records;
	const struct segment *sealed = count == records ? store_sealed(walk->store, segment) : NULL;
	enum overlap overlap = sealed ? compare(walk, sealed->minimum, sealed->maximum) : ACROSS;

	if (overlap == INSIDE)
		tell_segment(walk, sealed, first);
	else if (overlap == ACROSS)
		tell_records(walk, segment, first, count);
}

void walk_window(const struct store *store, struct horizon horizon, const struct walk_options *options)
{
	struct window window = options->window;
	uint64_t span = (uint64_t)window.to - (uint64_t)window.from, segment;
	struct walk walk = { .store = store, .options = options, .window = window };

	if (window.from >= window.to || options->buckets == 0)
		return;
	walk.width = span / options->buckets + (span % options->buckets != 0);
	walk.visible = walk_visible(store, horizon);
	if (walk.visible <= store->shape.first)
		return;
	segment = walk_find_segment(store, walk.visible, window.from);
	while (store_first_of(store, segment) < walk.visible) {
		size_t told = walk_rollup(&walk, segment);

		if (told == 0)
			walk_segment(&walk, segment);
		segment += told > 0 ? told : 1;
	}
}
