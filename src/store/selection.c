/*
 * A bit for each id, in parts of a segment each. The bits are kept when the horizon moves back and only not shown, so
 * that moving forward again costs nothing. How many are selected before a part is added up again when it is asked for,
 * from the first part on that has changed.
 */
#include <stdlib.h>
#include <string.h>

#include "store/selection_inside.h"

#define MAXIMUM_IDS ((size_t)1 << 40)

int selection_init(struct selection *selection, struct filter *filter)
{
	*selection = (struct selection){ .filter = filter, .all = filter_is_empty(filter) };
	vector_init(&selection->parts, sizeof(struct part), MAXIMUM_IDS / PLANES_NUMBERS);
	vector_init(&selection->bits, sizeof(uint64_t), MAXIMUM_IDS / PLANES_NUMBERS);
	return 0;
}

static size_t part_ids(const struct selection *selection)
{
	return (size_t)1 << selection->part_shift;
}

static size_t part_words(const struct selection *selection)
{
	return part_ids(selection) / PLANES_NUMBERS;
}

static size_t part_of(const struct selection *selection, uint64_t id)
{
	return (size_t)((id - selection->base) >> selection->part_shift);
}

static uint64_t first_of(const struct selection *selection, size_t part)
{
	return selection->base + ((uint64_t)part << selection->part_shift);
}

static uint64_t word_at(const struct selection *selection, size_t index)
{
	return ((const uint64_t *)selection->bits.items)[index];
}

/* Parts with ids below the horizon. */
static size_t part_count(const struct selection *selection)
{
	if (selection->part_shift == 0 || selection->horizon <= selection->base)
		return 0;
	return part_of(selection, selection->horizon - 1) + 1;
}

size_t selection_visible(const struct selection *selection, size_t part)
{
	uint64_t first = first_of(selection, part);

	if (selection->horizon <= first)
		return 0;
	return selection->horizon - first < part_ids(selection) ? (size_t)(selection->horizon - first)
								 : part_ids(selection);
}

/* --- keeping --------------------------------------------------------------------------------------------------- */

/* Both vectors grow before anything is counted, so that trying again later finds all as it was. */
static bool make_room(struct selection *selection, size_t part)
{
	while (selection->parts.count <= part) {
		while (selection->bits.count < (selection->parts.count + 1) * part_words(selection))
			if (!vector_push(&selection->bits))
				return false;
		if (!vector_push(&selection->parts))
			return false;
	}
	return true;
}

bool selection_put(struct selection *selection, size_t index, size_t from, size_t to, const uint64_t *in)
{
	struct part *part;
	uint64_t *words;

	if (!make_room(selection, index))
		return false;
	part = selection_part(selection, index);
	if (part->examined != from)
		return true; /* it is known already */
	words = (uint64_t *)selection->bits.items + index * part_words(selection);
	for (size_t block = from / PLANES_NUMBERS; block * PLANES_NUMBERS < to; block++) {
		uint64_t bits = in[block] & look_mask(block, from, to);

		words[block] |= bits;
		part->total += planes_count(bits);
	}
	part->examined = (uint32_t)to;
	selection->examined += to - from;
	if (selection->counted > index + 1)
		selection->counted = index + 1;
	while (selection_examined(selection, selection->whole) == part_ids(selection))
		selection->whole++;
	return true;
}

void selection_release(struct selection *selection)
{
	selection_cancel_look(selection);
	vector_release(&selection->parts);
	vector_release(&selection->bits);
	*selection = (struct selection){ .all = true };
}

/* --- looking --------------------------------------------------------------------------------------------------- */

static void note_horizon(struct selection *selection, const struct store *store, struct horizon horizon)
{
	uint64_t count = store_has_records(store) ? store_count(store) : 0;

	selection->horizon = horizon.records < count ? horizon.records : count;
	selection->base = store->shape.first;
	selection->part_shift = store->segment_shift;
}

bool selection_advance(struct selection *selection, const struct store *store, const struct store_reader *reader,
	struct horizon horizon, uint64_t budget)
{
	struct looking looking = { .store = store, .reader = reader, .filter = selection->filter };

	note_horizon(selection, store, horizon);
	if (selection->all)
		return false;
	for (size_t part = selection->whole; part < part_count(selection); part++) {
		size_t from = selection_examined(selection, part), to = selection_visible(selection, part);
		uint64_t in[SEGMENT_MOST_BLOCKS];

		if (from >= to)
			continue;
		if (budget == 0)
			return true;
		if (to - from > budget)
			to = from + (size_t)budget;
		budget -= to - from;
		selection->full = look_at_records(&looking, part, from, to, in) != 0 ||
			!selection_put(selection, part, from, to, in);
		if (selection->full)
			return false;
	}
	selection->ran_out = filter_ran_out(selection->filter);
	return !selection_is_complete(selection);
}

bool selection_advance_quickly(
	struct selection *selection, const struct store *store, struct horizon horizon, uint64_t budget)
{
	if (!filter_is_slow(selection->filter))
		return selection_advance(selection, store, NULL, horizon, budget);
	note_horizon(selection, store, horizon);
	return false;
}

/* --- finding --------------------------------------------------------------------------------------------------- */

bool selection_is_complete(const struct selection *selection)
{
	size_t count = part_count(selection);

	for (size_t part = selection->whole; !selection->all && part < count; part++)
		if (selection_examined(selection, part) < selection_visible(selection, part))
			return false;
	return true;
}

bool selection_knows(const struct selection *selection, uint64_t id)
{
	if (selection->all || id < selection->base || id >= selection->horizon)
		return selection->all;
	return selection_examined(selection, part_of(selection, id)) > (size_t)(id & (part_ids(selection) - 1));
}

/* What is counted is no part of what a selection is, so asking may do it. */
static void count_to(const struct selection *selection, size_t part)
{
	struct selection *counting = (struct selection *)(uintptr_t)selection;

	for (; counting->counted <= part && counting->counted < counting->parts.count; counting->counted++) {
		size_t index = counting->counted;
		const struct part *before = index > 0 ? selection_part(counting, index - 1) : NULL;

		selection_part(counting, index)->before = before ? before->before + before->total : 0;
	}
}

/* How many selected ids are below `limit`. */
static uint64_t count_below(const struct selection *selection, uint64_t limit)
{
	size_t part, word, end;
	uint64_t count;

	if (selection->parts.count == 0 || limit <= selection->base)
		return 0;
	part = part_of(selection, limit);
	if (part >= selection->parts.count) {
		const struct part *last = selection_part(selection, selection->parts.count - 1);

		count_to(selection, selection->parts.count - 1);
		return last->before + last->total;
	}
	count_to(selection, part);
	count = selection_part(selection, part)->before;
	word = part * part_words(selection);
	end = (size_t)((limit - selection->base) / PLANES_NUMBERS);
	for (; word < end; word++)
		count += planes_count(word_at(selection, word));
	return count + planes_count(word_at(selection, word) & ((UINT64_C(1) << limit % PLANES_NUMBERS) - 1));
}

/* The last part before which there are no more than `index` ids. */
static size_t find_part(const struct selection *selection, uint64_t index)
{
	size_t low = 0, high = selection->parts.count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (selection_part(selection, middle)->before <= index)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint64_t selection_count(const struct selection *selection)
{
	return selection->all ? selection->horizon : count_below(selection, selection->horizon);
}

uint64_t selection_id(const struct selection *selection, uint64_t index)
{
	uint64_t rest, word;
	size_t part, at;

	if (selection->all)
		return index;
	count_to(selection, selection->parts.count - 1);
	part = find_part(selection, index);
	rest = index - selection_part(selection, part)->before;
	for (at = part * part_words(selection); rest >= planes_count(word_at(selection, at)); at++)
		rest -= planes_count(word_at(selection, at));
	for (word = word_at(selection, at); rest > 0; rest--)
		word &= word - 1;
	return selection->base + at * PLANES_NUMBERS + (unsigned)__builtin_ctzll(word);
}

uint64_t selection_index(const struct selection *selection, uint64_t id)
{
	uint64_t limit = id < selection->horizon ? id : selection->horizon;

	return selection->all ? limit : count_below(selection, limit);
}

bool selection_has(const struct selection *selection, uint64_t id)
{
	if (id >= selection->horizon || !selection_knows(selection, id))
		return false;
	return selection->all ||
		word_at(selection, (size_t)((id - selection->base) / PLANES_NUMBERS)) >> id % PLANES_NUMBERS & 1;
}

/* The 64 ids from a multiple of 64 on: which of them are selected, which are known? */
static void read_word(const struct selection *selection, uint64_t id, uint64_t *bits, uint64_t *known)
{
	uint64_t visible = selection->horizon - id;
	uint64_t mask = visible < PLANES_NUMBERS ? (UINT64_C(1) << visible) - 1 : UINT64_MAX;
	size_t part, examined;

	*known = *bits = mask;
	if (selection->all)
		return;
	part = part_of(selection, id);
	examined = selection_examined(selection, part);
	*known &= look_mask((size_t)(id & (part_ids(selection) - 1)) / PLANES_NUMBERS, 0, examined);
	*bits = *known ? word_at(selection, (size_t)((id - selection->base) / PLANES_NUMBERS)) & *known : 0;
}

enum nearness selection_nearest(const struct selection *selection, const struct selection *other, uint64_t from,
	int direction, uint64_t *found)
{
	uint64_t horizon = selection->horizon < other->horizon ? selection->horizon : other->horizon;
	uint64_t id = from - from % PLANES_NUMBERS, base = selection->base > other->base ? selection->base : other->base;
	uint64_t wanted = direction > 0 ? UINT64_MAX << from % PLANES_NUMBERS
					: UINT64_MAX >> (PLANES_NUMBERS - 1 - from % PLANES_NUMBERS);

	if (direction < 0 && from >= horizon && horizon > 0)
		return selection_nearest(selection, other, horizon - 1, direction, found);
	for (; id < horizon && id >= base; id += (uint64_t)direction * PLANES_NUMBERS, wanted = UINT64_MAX) {
		uint64_t bits, known, more_bits, more_known, visible = horizon - id;

		if (visible < PLANES_NUMBERS)
			wanted &= (UINT64_C(1) << visible) - 1;
		read_word(selection, id, &bits, &known);
		read_word(other, id, &more_bits, &more_known);
		/* A place that only one of them has to look at yet is no hit when the other has excluded it. */
		known = (known & more_known) | (known & ~bits) | (more_known & ~more_bits);
		bits = (bits & more_bits & wanted) | (wanted & ~known);
		if (bits == 0) {
			if (direction < 0 && id == 0)
				break;
			continue;
		}
		*found = id + (direction > 0 ? (unsigned)__builtin_ctzll(bits) : 63U - (unsigned)__builtin_clzll(bits));
		return known >> *found % PLANES_NUMBERS & 1 ? NEAREST_FOUND : NEAREST_UNKNOWN;
	}
	return NEAREST_NONE;
}
