/*
 * The ids that match, a bit for each id that was looked at, and how many there are before every 64th word of bits. They
 * are kept when the horizon moves back and only not shown, so that moving forward again costs nothing.
 *
 * A segment is looked at as a whole: each tuple of its dictionary is judged, and the bits of those that are in follow
 * from the planes of the codes, 64 records at a time. Only what is left open is read record by record.
 */
#include "tocsin/store/filter.h"

#include <stdlib.h>
#include <string.h>

#include "store/filter_tree.h"
#include "store/store_inside.h"

#define MAXIMUM_IDS ((size_t)1 << 40)
#define GROUP_WORDS ((uint64_t)64) /* of bits, for which there is one count */

int selection_init(struct selection *selection, struct filter *filter)
{
	*selection = (struct selection){ .filter = filter };
	if (filter_is_empty(filter))
		return 0;
	selection->ids = malloc(2 * sizeof(*selection->ids));
	if (!selection->ids)
		return ERROR_MEMORY;
	selection->counts = selection->ids + 1;
	vector_init(selection->ids, sizeof(uint64_t), MAXIMUM_IDS / PLANES_NUMBERS);
	vector_init(selection->counts, sizeof(uint64_t), MAXIMUM_IDS / PLANES_NUMBERS / GROUP_WORDS);
	return 0;
}

void selection_release(struct selection *selection)
{
	if (selection->ids) {
		vector_release(selection->ids);
		vector_release(selection->counts);
	}
	free(selection->ids);
	*selection = (struct selection){ 0 };
}

static uint64_t word_at(const struct selection *selection, size_t index)
{
	return ((const uint64_t *)selection->ids->items)[index];
}

static uint64_t count_at(const struct selection *selection, size_t index)
{
	return ((const uint64_t *)selection->counts->items)[index];
}

/* --- looking --------------------------------------------------------------------------------------------------- */

/* The records of a segment that are looked at in one go, and what came out: bits that are in, and bits to look at one
   by one. */
struct look {
	const struct store *store;
	const struct store_reader *reader;
	struct filter *filter;
	uint64_t segment;
	uint64_t begin, end; /* ids */
	uint64_t in[SEGMENT_MOST_BLOCKS];
	uint64_t open[SEGMENT_MOST_BLOCKS];
};

/* A dictionary may hold tuples that are not published yet: none of the records looked at has one. */
static void look_at_segment(struct look *look, const struct segment *segment)
{
	uint32_t known = atomic_load_explicit(&look->store->tuple_count, memory_order_acquire);
	bool in[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS], open[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS];
	struct filter_bounds bounds = { .minimum = segment->minimum,
		.maximum = segment->maximum,
		.first = store_first_of(look->store, look->segment),
		.last = store_first_of(look->store, look->segment + 1) - 1 };
	uint32_t tuples[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS];
	bool any_open = false;

	segment_entry_tuples(segment, tuples);
	for (size_t i = 0; i < segment->entry_count; i++) {
		enum verdict verdict =
			tuples[i] < known ? filter_judge(look->filter, look->store, tuples[i], &bounds) : VERDICT_NO;

		in[i] = verdict == VERDICT_YES;
		open[i] = verdict == VERDICT_MAYBE;
		any_open = any_open || open[i];
	}
	segment_match(segment, in, look->in);
	if (any_open)
		segment_match(segment, open, look->open);
	else
		memset(look->open, 0, sizeof(look->open));
}

/* The segment may be sealed meanwhile: the codes of tuples stay right. */
static void look_at_open(struct look *look)
{
	size_t first = store_position_of(look->store, look->begin),
	       last = store_position_of(look->store, look->end - 1);
	uint32_t tuples[PLANES_NUMBERS];

	memset(look->in, 0, sizeof(look->in));
	memset(look->open, 0, sizeof(look->open));
	for (size_t i = first; i <= last; i++) {
		size_t block = i / PLANES_NUMBERS;
		enum verdict verdict;

		if (i == first || i % PLANES_NUMBERS == 0)
			store_block_tuples(look->store, look->segment, block, tuples);
		verdict = filter_judge(look->filter, look->store, tuples[i % PLANES_NUMBERS], NULL);
		look->in[block] |= (uint64_t)(verdict == VERDICT_YES) << i % PLANES_NUMBERS;
		look->open[block] |= (uint64_t)(verdict == VERDICT_MAYBE) << i % PLANES_NUMBERS;
	}
}

static void settle(struct look *look, size_t block, uint64_t mask)
{
	uint64_t first = store_first_of(look->store, look->segment) + block * PLANES_NUMBERS;

	for (uint64_t rest = look->open[block] & mask; rest; rest &= rest - 1) {
		struct record record;

		store_record(look->store, first + (unsigned)__builtin_ctzll(rest), &record);
		if (filter_match(look->filter, look->store, &record, look->reader))
			look->in[block] |= rest & -rest;
	}
}

/* --- keeping --------------------------------------------------------------------------------------------------- */

/* Keeps the bits of ids up to the end of a block; false when there is no memory for them. Both vectors grow before
   anything is counted, so that trying again later finds all as it was. */
static bool keep(struct selection *selection, uint64_t bits)
{
	size_t index = (size_t)((selection->examined - selection->base) / PLANES_NUMBERS);
	uint64_t *word;

	if (index / GROUP_WORDS == selection->counts->count) {
		uint64_t *count = vector_push(selection->counts);

		if (!count)
			return false;
		*count = selection->total;
	}
	word = index < selection->ids->count ? vector_at(selection->ids, index) : vector_push(selection->ids);
	if (!word)
		return false;
	*word |= bits;
	selection->total += planes_count(bits);
	return true;
}

/* Looks at one segment from `examined` on, up to `end`. */
static bool look_at(struct selection *selection, struct look *look, uint64_t end)
{
	const struct segment *sealed;

	look->segment = store_segment_of(look->store, selection->examined);
	look->begin = selection->examined;
	look->end = store_first_of(look->store, look->segment + 1);
	if (look->end > end)
		look->end = end;
	sealed = store_sealed(look->store, look->segment);
	if (sealed)
		look_at_segment(look, sealed);
	else
		look_at_open(look);
	while (selection->examined < look->end) {
		size_t block = store_position_of(look->store, selection->examined) / PLANES_NUMBERS;
		uint64_t skipped = selection->examined % PLANES_NUMBERS;
		uint64_t rest = look->end - selection->examined + skipped;
		uint64_t mask = UINT64_MAX << skipped;

		if (rest < PLANES_NUMBERS)
			mask &= (UINT64_C(1) << rest) - 1;
		settle(look, block, mask);
		if (!keep(selection, look->in[block] & mask))
			return false;
		selection->examined += (rest < PLANES_NUMBERS ? rest : PLANES_NUMBERS) - skipped;
	}
	return true;
}

bool selection_advance(struct selection *selection, const struct store *store, const struct store_reader *reader,
	struct horizon horizon, uint64_t budget)
{
	uint64_t count = store_has_records(store) ? store_count(store) : 0, end;
	struct look look = { .store = store, .reader = reader, .filter = selection->filter };

	selection->horizon = horizon.records < count ? horizon.records : count;
	if (!selection->ids)
		return false;
	if (selection->examined < store->shape.first)
		selection->base = selection->examined = store->shape.first;
	if (selection->examined >= selection->horizon)
		return false;
	end = selection->horizon - selection->examined > budget ? selection->examined + budget : selection->horizon;
	while (selection->examined < end) {
		selection->full = !look_at(selection, &look, end);
		if (selection->full)
			return false;
	}
	return selection->examined < selection->horizon;
}

/* --- finding --------------------------------------------------------------------------------------------------- */

/* How many selected ids are below `limit`. */
static uint64_t count_below(const struct selection *selection, uint64_t limit)
{
	uint64_t end = limit < selection->examined ? limit : selection->examined, count;
	size_t words, index;

	if (end <= selection->base)
		return 0;
	if (end == selection->examined)
		return selection->total;
	words = (size_t)((end - selection->base) / PLANES_NUMBERS);
	index = words / GROUP_WORDS * GROUP_WORDS;
	count = count_at(selection, words / GROUP_WORDS);
	for (; index < words; index++)
		count += planes_count(word_at(selection, index));
	return count + planes_count(word_at(selection, index) & ((UINT64_C(1) << end % PLANES_NUMBERS) - 1));
}

/* The last group before which there are no more than `index` ids. */
static size_t find_group(const struct selection *selection, uint64_t index)
{
	size_t low = 0, high = selection->counts->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (count_at(selection, middle) <= index)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint64_t selection_count(const struct selection *selection)
{
	return selection->ids ? count_below(selection, selection->horizon) : selection->horizon;
}

uint64_t selection_id(const struct selection *selection, uint64_t index)
{
	size_t group, at;
	uint64_t rest, word;

	if (!selection->ids)
		return index;
	group = find_group(selection, index);
	rest = index - count_at(selection, group);
	for (at = group * GROUP_WORDS; rest >= planes_count(word_at(selection, at)); at++)
		rest -= planes_count(word_at(selection, at));
	for (word = word_at(selection, at); rest > 0; rest--)
		word &= word - 1;
	return selection->base + at * PLANES_NUMBERS + (unsigned)__builtin_ctzll(word);
}

uint64_t selection_index(const struct selection *selection, uint64_t id)
{
	uint64_t limit = id < selection->horizon ? id : selection->horizon;

	return selection->ids ? count_below(selection, limit) : limit;
}
