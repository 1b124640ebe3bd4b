/*
 * A segment is looked at as a whole: each tuple of its dictionary is judged, and the bits of those that are in follow
 * from the planes of the codes, 64 records at a time. Only what is left open is looked at more closely.
 */
#include "store/look.h"

#include <string.h>

struct verdicts {
	uint64_t in[SEGMENT_MOST_BLOCKS];
	uint64_t open[SEGMENT_MOST_BLOCKS];
};

/* A dictionary may hold tuples that are not published yet: none of the records looked at has one. */
static void judge_sealed(
	const struct looking *looking, uint64_t index, const struct segment *segment, struct verdicts *verdicts)
{
	const struct store *store = looking->store;
	uint32_t known = atomic_load_explicit(&store->tuple_count, memory_order_acquire);
	bool in[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS], open[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS];
	struct filter_bounds bounds = { .minimum = segment->minimum,
		.maximum = segment->maximum,
		.first = store_first_of(store, index),
		.last = store_first_of(store, index + 1) - 1 };
	uint32_t tuples[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS];
	bool any_in = false, any_open = false;

	segment_entry_tuples(segment, tuples);
	for (size_t i = 0; i < segment->entry_count; i++) {
		enum verdict verdict =
			tuples[i] < known ? filter_judge(looking->filter, store, tuples[i], &bounds) : VERDICT_NO;

		in[i] = verdict == VERDICT_YES;
		open[i] = verdict == VERDICT_MAYBE;
		any_in = any_in || in[i];
		any_open = any_open || open[i];
	}
	if (any_in)
		segment_match(segment, in, verdicts->in);
	if (any_open)
		segment_match(segment, open, verdicts->open);
}

/* The segment may be sealed meanwhile: the codes of tuples stay right. */
static void judge_open(
	const struct looking *looking, uint64_t segment, size_t from, size_t to, struct verdicts *verdicts)
{
	uint32_t tuples[PLANES_NUMBERS];

	for (size_t i = from; i < to; i++) {
		size_t block = i / PLANES_NUMBERS;
		enum verdict verdict;

		if (i == from || i % PLANES_NUMBERS == 0)
			store_block_tuples(looking->store, segment, block, tuples);
		verdict = filter_judge(looking->filter, looking->store, tuples[i % PLANES_NUMBERS], NULL);
		verdicts->in[block] |= (uint64_t)(verdict == VERDICT_YES) << i % PLANES_NUMBERS;
		verdicts->open[block] |= (uint64_t)(verdict == VERDICT_MAYBE) << i % PLANES_NUMBERS;
	}
}

int look_at_records(
	const struct looking *looking, uint64_t segment, size_t from, size_t to, uint64_t in[SEGMENT_MOST_BLOCKS])
{
	const struct segment *sealed = store_sealed(looking->store, segment);
	size_t blocks = looking->store->shape.segment_records / PLANES_NUMBERS;
	struct verdicts verdicts = { 0 };
	uint64_t any = 0;

	if (sealed)
		judge_sealed(looking, segment, sealed, &verdicts);
	else
		judge_open(looking, segment, from, to, &verdicts);
	for (size_t block = 0; block < blocks; block++) {
		verdicts.open[block] &= look_mask(block, from, to);
		any |= verdicts.open[block];
	}
	memcpy(in, verdicts.in, blocks * sizeof(*in));
	if (any == 0)
		return 0;
	return filter_scan(
		looking->filter, looking->store, looking->reader, segment, verdicts.open, in, looking->cancelled);
}
