/*
 * Deciding many records by their bytes. Those that are open and stand together in their source are read at once, as a
 * run; each condition is turned into bits for the whole run, by looking for its pieces in all of the bytes; the tree
 * joins the bits. Only what may match and is not certain to is parsed and matched record by record.
 *
 * A set of bits has a word for each block of the segment, as the planes of the codes have. Where in the bytes a record
 * lies is found out for blocks that are asked for only: in most runs no block is.
 */
#include <stdlib.h>
#include <string.h>

#include "store/filter_tree.h"
#include "store/store_inside.h"

#define MOST_RECORDS (SEGMENT_MOST_BLOCKS * PLANES_NUMBERS)
#define RUN_BYTES ((uint64_t)256 << 10) /* read at once: it stays in the second cache */
#define RUN_GAP 8192                    /* bytes between two records that are read rather than skipped */
#define FEW_RECORDS 4                   /* in a run: they are parsed at once */

struct bits {
	uint64_t of[SEGMENT_MOST_BLOCKS];
};

/* What is known of a condition: records beyond `possible` do not match, those in `certain` do. */
struct known {
	struct bits possible, certain;
};

struct scan {
	struct filter *filter;
	const struct store *store;
	const struct store_reader *reader;
	const atomic_bool *cancelled; /* may be NULL */
	uint64_t segment;
	size_t blocks;
	struct find unicode; /* "\u": behind it an escaped text may hide anything */

	/* Places of records by position, of the blocks whose bit is set in `loaded`. */
	uint64_t loaded;
	uint64_t offsets[MOST_RECORDS];
	uint32_t sizes[MOST_RECORDS];
	uint16_t sources[MOST_RECORDS];

	/* The open records by source, each source in order of positions. */
	uint16_t order[MOST_RECORDS];
	uint16_t starts[STORE_MAXIMUM_SOURCES + 1];

	/* The run: bytes of one source, and the open records that lie in them. */
	uint64_t begin;
	struct slice bytes;
	enum store_wording wording;
	struct bits members;
	const uint16_t *listed; /* their positions, in order; NULL: all records of the blocks from first to last */
	size_t count;
	size_t first, last; /* blocks */
};

static void set(struct bits *bits, size_t position)
{
	bits->of[position / PLANES_NUMBERS] |= UINT64_C(1) << position % PLANES_NUMBERS;
}

static void add(struct bits *bits, const struct bits *others, size_t blocks)
{
	for (size_t i = 0; i < blocks; i++)
		bits->of[i] |= others->of[i];
}

/* --- places ------------------------------------------------------------------------------------------------------ */

static void load(struct scan *scan, size_t block)
{
	size_t first = block * PLANES_NUMBERS;

	if (scan->loaded >> block & 1)
		return;
	scan->loaded |= UINT64_C(1) << block;
	store_block_places(scan->store, scan->segment, block, &scan->offsets[first], &scan->sizes[first]);
}

static void load_sources(struct scan *scan, size_t block)
{
	uint16_t *sources = &scan->sources[block * PLANES_NUMBERS];
	uint32_t tuples[PLANES_NUMBERS];

	store_block_tuples(scan->store, scan->segment, block, tuples);
	for (size_t i = 0; i < PLANES_NUMBERS; i++)
		sources[i] = tuples_at(&scan->store->tuples, tuples[i])->source;
}

/* A record in the bytes of the run. */
struct spot {
	size_t position;
	size_t begin, end;
};

static struct spot spot_of(struct scan *scan, size_t position)
{
	struct spot spot = { .position = position };

	load(scan, position / PLANES_NUMBERS);
	spot.begin = (size_t)(scan->offsets[position] - scan->begin);
	spot.end = spot.begin + scan->sizes[position];
	return spot;
}

/* Goes through the records of a run. */
struct walk {
	size_t at; /* in the list, or a position */
};

/* The first record from where the walk stands that ends behind a place in the bytes; false when there is none. */
static bool walk_to(struct scan *scan, struct walk *walk, size_t place, struct spot *spot)
{
	if (scan->listed) {
		for (; walk->at < scan->count; walk->at++) {
			*spot = spot_of(scan, scan->listed[walk->at]);
			if (spot->end > place)
				return true;
		}
		return false;
	}
	while (walk->at / PLANES_NUMBERS < scan->last &&
		segment_offset(store_sealed(scan->store, scan->segment), walk->at / PLANES_NUMBERS + 1) - scan->begin <= place)
		walk->at = (walk->at / PLANES_NUMBERS + 1) * PLANES_NUMBERS;
	for (; walk->at / PLANES_NUMBERS <= scan->last; walk->at++) {
		*spot = spot_of(scan, walk->at);
		if (spot->end > place)
			return true;
	}
	return false;
}

static struct walk walk_begin(const struct scan *scan)
{
	return (struct walk){ scan->listed ? 0 : scan->first * PLANES_NUMBERS };
}

/* --- what a run tells of one condition --------------------------------------------------------------------------- */

/* Adds those records of the run in which the text stands. */
static void look_for(struct scan *scan, const struct find *find, struct bits *hits)
{
	struct walk walk = walk_begin(scan);
	struct spot spot;
	size_t at = 0;

	while ((at = find_next(find, scan->bytes, at)) != SIZE_MAX && walk_to(scan, &walk, at, &spot)) {
		if (at < spot.begin) {
			at = spot.begin; /* it stands before the record, in what belongs to none */
			continue;
		}
		if (at + find->size <= spot.end)
			set(hits, spot.position);
		at = spot.end;
	}
}

/* Takes away those in which one of the further pieces is missing. */
static void look_for_others(struct scan *scan, const struct filter_piece *piece, struct bits *hits)
{
	for (size_t block = 0; piece && block < scan->blocks; block++)
		for (uint64_t rest = hits->of[block] & scan->members.of[block]; rest; rest &= rest - 1) {
			struct spot spot = spot_of(scan, block * PLANES_NUMBERS + (unsigned)__builtin_ctzll(rest));
			struct slice raw = slice_first(slice_from(scan->bytes, spot.begin), spot.end - spot.begin);

			for (const struct filter_piece *other = piece; other; other = other->next)
				if (find_next(&other->find, raw, 0) == SIZE_MAX)
					hits->of[block] &= ~(rest & -rest);
		}
}

/* Where may the condition match, by the pieces that must stand in the bytes? */
static void look_for_pieces(struct scan *scan, const struct filter_pieces *pieces, struct bits *possible)
{
	bool escaped = scan->wording == WORDING_ESCAPED;
	const struct filter_piece *piece = escaped ? pieces->escaped : pieces->verbatim;

	if (!piece || scan->wording == WORDING_OTHER) {
		*possible = scan->members;
		return;
	}
	look_for(scan, &piece->find, possible);
	look_for_others(scan, piece->next, possible);
	if (escaped)
		look_for(scan, &scan->unicode, possible);
}

/* Of some records, those that match the condition by their columns. */
static void match_records(
	const struct scan *scan, struct filter_node *node, const struct bits *wanted, struct bits *bits)
{
	uint64_t first = store_first_of(scan->store, scan->segment);

	for (size_t block = 0; block < scan->blocks; block++)
		for (uint64_t rest = wanted->of[block]; rest; rest &= rest - 1) {
			struct record record;

			store_record(scan->store, first + block * PLANES_NUMBERS + (unsigned)__builtin_ctzll(rest),
				&record);
			if (filter_match_columns(node, scan->store, &record))
				bits->of[block] |= rest & -rest;
		}
}

/* The same for a condition that tuples decide. */
static void match_tuples(
	const struct scan *scan, struct filter_node *node, const struct bits *wanted, struct bits *bits)
{
	const struct segment *sealed = store_sealed(scan->store, scan->segment);
	uint32_t known = atomic_load_explicit(&scan->store->tuple_count, memory_order_acquire);
	uint32_t tuples[MOST_RECORDS];
	bool matches[MOST_RECORDS];

	if (!sealed) {
		match_records(scan, node, wanted, bits);
		return;
	}
	segment_entry_tuples(sealed, tuples);
	for (size_t i = 0; i < sealed->entry_count; i++)
		matches[i] = tuples[i] < known &&
			filter_judge_node(node, scan->store, tuples_at(&scan->store->tuples, tuples[i])) == VERDICT_YES;
	segment_match(sealed, matches, bits->of);
}

/* --- the tree ---------------------------------------------------------------------------------------------------- */

static void know(struct scan *scan, struct filter_node *node, const struct bits *wanted, struct known *known);

/* AND needs to know no more of what one member excludes, OR of what one member settles. */
static void know_group(struct scan *scan, struct filter_node *group, const struct bits *wanted, struct known *known)
{
	bool is_and = group->kind == FILTER_AND;
	struct bits rest = *wanted;

	if (is_and)
		*known = (struct known){ .possible = *wanted, .certain = *wanted };
	for (struct filter_node *child = group->children; child; child = child->next) {
		struct known here = { 0 };
		uint64_t any = 0;

		know(scan, child, &rest, &here);
		for (size_t i = 0; i < scan->blocks; i++) {
			uint64_t possible = known->possible.of[i], certain = known->certain.of[i];

			known->possible.of[i] = is_and ? possible & here.possible.of[i] : possible | here.possible.of[i];
			known->certain.of[i] = is_and ? certain & here.certain.of[i] : certain | here.certain.of[i];
			rest.of[i] &= is_and ? known->possible.of[i] : ~known->certain.of[i];
			any |= rest.of[i];
		}
		if (any == 0)
			return;
	}
}

static void know_not(struct scan *scan, struct filter_node *node, const struct bits *wanted, struct known *known)
{
	struct known child = { 0 };

	know(scan, node->children, wanted, &child);
	for (size_t i = 0; i < scan->blocks; i++) {
		known->possible.of[i] = ~child.certain.of[i];
		known->certain.of[i] = ~child.possible.of[i];
	}
}

/* `known` is empty; what it says of records that are not wanted means nothing. Where a word is all of the filter, what
 * templates tell of it has been told before. */
static void know(struct scan *scan, struct filter_node *node, const struct bits *wanted, struct known *known)
{
	switch (node->kind) {
	case FILTER_AND:
	case FILTER_OR:
		know_group(scan, node, wanted, known);
		return;
	case FILTER_NOT:
		know_not(scan, node, wanted, known);
		return;
	case FILTER_WORD:
		if (node->codes.bits && node != scan->filter->root)
			match_tuples(scan, node, wanted, &known->certain);
		look_for_pieces(scan, &node->pieces, &known->possible);
		break;
	case FILTER_REGEX:
		look_for_pieces(scan, &node->pieces, &known->possible);
		break;
	case FILTER_FIELD:
		known->possible = *wanted;
		break;
	case FILTER_SERVICE:
	case FILTER_SOURCE:
	case FILTER_LEVEL:
	case FILTER_TEMPLATE:
	case FILTER_TEMPLATE_TEXT:
		match_tuples(scan, node, wanted, &known->certain);
		break;
	case FILTER_TIME:
	case FILTER_ID:
	case FILTER_LINE:
	case FILTER_IMPORTANCE:
		match_records(scan, node, wanted, &known->certain);
		break;
	}
	add(&known->possible, &known->certain, scan->blocks);
}

/* --- settling ---------------------------------------------------------------------------------------------------- */

/* Parses a record of the run and matches it; without the run's bytes it is read by itself, and what is gone is
   noticed. */
static bool matches(struct scan *scan, size_t position, bool has_bytes)
{
	struct store_text *text = &scan->filter->text;
	struct record record;
	struct spot spot;

	store_record(scan->store, store_first_of(scan->store, scan->segment) + position, &record);
	if (!has_bytes)
		return filter_match(scan->filter, scan->store, &record, scan->reader);
	spot = spot_of(scan, position);
	scan->reader->parse(
		scan->reader->context, slice_first(slice_from(scan->bytes, spot.begin), spot.end - spot.begin), text);
	return filter_match_text(scan->filter, scan->store, &record, text);
}

static bool is_cancelled(const struct scan *scan)
{
	return scan->cancelled && atomic_load_explicit(scan->cancelled, memory_order_relaxed);
}

static void settle(struct scan *scan, const struct bits *open, bool has_bytes, uint64_t *in)
{
	for (size_t block = 0; block < scan->blocks && !is_cancelled(scan); block++)
		for (uint64_t rest = open->of[block]; rest; rest &= rest - 1)
			if (matches(scan, block * PLANES_NUMBERS + (unsigned)__builtin_ctzll(rest), has_bytes))
				in[block] |= rest & -rest;
}

static void look_at_run(struct scan *scan, uint64_t *in)
{
	struct known known = { 0 };

	know(scan, scan->filter->root, &scan->members, &known);
	for (size_t i = 0; i < scan->blocks; i++) {
		in[i] |= known.certain.of[i] & scan->members.of[i];
		known.possible.of[i] &= ~known.certain.of[i] & scan->members.of[i];
	}
	settle(scan, &known.possible, true, in);
}

/* --- runs -------------------------------------------------------------------------------------------------------- */

static bool read_bytes(struct scan *scan, uint16_t source, uint64_t end)
{
	return end - scan->begin <= STORE_BYTES_MAXIMUM &&
		scan->reader->bytes(scan->reader->context, source, scan->begin, (size_t)(end - scan->begin),
			&scan->bytes, &scan->wording) == 0;
}

/* Where the bytes of a block end at the latest. */
static uint64_t end_of_block(struct scan *scan, size_t block)
{
	size_t last = (block + 1) * PLANES_NUMBERS - 1;

	if (block + 1 < scan->blocks)
		return segment_offset(store_sealed(scan->store, scan->segment), block + 1);
	load(scan, block);
	return scan->offsets[last] + scan->sizes[last];
}

static bool is_dense(const struct scan *scan, const uint64_t *open)
{
	const struct segment *sealed = store_sealed(scan->store, scan->segment);
	size_t count = 0;

	if (!sealed || sealed->source_count != 1)
		return false;
	for (size_t i = 0; i < scan->blocks; i++)
		count += planes_count(open[i]);
	if (count < scan->store->shape.segment_records / 2)
		return false;
	for (size_t i = 0; i + 1 < scan->blocks; i++)
		if (segment_offset(store_sealed(scan->store, scan->segment), i) >
			segment_offset(store_sealed(scan->store, scan->segment), i + 1))
			return false;
	return true;
}

/* Most of the segment is open and comes from one source: the runs are whole blocks. */
static void scan_blocks(struct scan *scan, const uint64_t *open, uint64_t *in)
{
	struct record record;

	store_record(scan->store, store_first_of(scan->store, scan->segment), &record);
	scan->listed = NULL;
	for (scan->first = 0; scan->first < scan->blocks && !is_cancelled(scan); scan->first = scan->last + 1) {
		scan->last = scan->first;
		scan->begin = segment_offset(store_sealed(scan->store, scan->segment), scan->first);
		while (scan->last + 1 < scan->blocks && end_of_block(scan, scan->last + 1) - scan->begin <= RUN_BYTES)
			scan->last++;
		memset(&scan->members, 0, sizeof(scan->members));
		for (size_t i = scan->first; i <= scan->last; i++)
			scan->members.of[i] = open[i];
		if (read_bytes(scan, record.source, end_of_block(scan, scan->last)))
			look_at_run(scan, in);
		else
			settle(scan, &scan->members, false, in);
	}
}

/* Sorts the open records by source; within one the order stays. Returns how many there are. */
static size_t list_open(struct scan *scan, const uint64_t *open)
{
	size_t count = 0;

	memset(scan->starts, 0, sizeof(scan->starts));
	for (size_t block = 0; block < scan->blocks; block++) {
		if (open[block] == 0)
			continue;
		load_sources(scan, block);
		for (uint64_t rest = open[block]; rest; rest &= rest - 1, count++)
			scan->starts[scan->sources[block * PLANES_NUMBERS + (unsigned)__builtin_ctzll(rest)] + 1]++;
	}
	for (size_t i = 1; i <= STORE_MAXIMUM_SOURCES; i++)
		scan->starts[i] = (uint16_t)(scan->starts[i] + scan->starts[i - 1]);
	for (size_t block = 0; block < scan->blocks; block++)
		for (uint64_t rest = open[block]; rest; rest &= rest - 1) {
			size_t position = block * PLANES_NUMBERS + (unsigned)__builtin_ctzll(rest);

			scan->order[scan->starts[scan->sources[position]]++] = (uint16_t)position;
		}
	return count;
}

/* Takes records of one source for as long as they follow one another closely; returns where they end. */
static uint64_t take_run(struct scan *scan, size_t left)
{
	const uint16_t *list = scan->listed;
	uint64_t end = scan->begin + scan->sizes[list[0]];

	memset(&scan->members, 0, sizeof(scan->members));
	set(&scan->members, list[0]);
	for (scan->count = 1; scan->count < left; scan->count++) {
		size_t next = list[scan->count];

		load(scan, next / PLANES_NUMBERS);
		if (scan->sources[next] != scan->sources[list[0]] || scan->offsets[next] < end ||
			scan->offsets[next] - end > RUN_GAP ||
			scan->offsets[next] + scan->sizes[next] - scan->begin > RUN_BYTES)
			break;
		end = scan->offsets[next] + scan->sizes[next];
		set(&scan->members, next);
	}
	return end;
}

static void scan_listed(struct scan *scan, const uint64_t *open, uint64_t *in)
{
	size_t left = list_open(scan, open);

	for (scan->listed = scan->order; left > 0 && !is_cancelled(scan); scan->listed += scan->count) {
		uint64_t end;

		load(scan, scan->listed[0] / PLANES_NUMBERS);
		scan->begin = scan->offsets[scan->listed[0]];
		end = take_run(scan, left);
		if (!read_bytes(scan, scan->sources[scan->listed[0]], end))
			settle(scan, &scan->members, false, in);
		else if (scan->count < FEW_RECORDS)
			settle(scan, &scan->members, true, in);
		else
			look_at_run(scan, in);
		left -= scan->count;
	}
}

int filter_scan(struct filter *filter, const struct store *store, const struct store_reader *reader, uint64_t segment,
	const uint64_t *open, uint64_t *in, const atomic_bool *cancelled)
{
	struct scan *scan = filter->scan ? filter->scan : calloc(1, sizeof(*scan));

	if (!scan)
		return ERROR_MEMORY;
	if (!filter->scan)
		find_init(&scan->unicode, slice_of("\\u"));
	filter->scan = scan;
	scan->filter = filter;
	scan->store = store;
	scan->reader = reader;
	scan->cancelled = cancelled;
	scan->segment = segment;
	scan->blocks = store->shape.segment_records / PLANES_NUMBERS;
	scan->loaded = 0;
	if (!reader || !reader->bytes) {
		memcpy(scan->members.of, open, scan->blocks * sizeof(*open));
		settle(scan, &scan->members, false, in);
	} else if (is_dense(scan, open)) {
		scan_blocks(scan, open, in);
	} else {
		scan_listed(scan, open, in);
	}
	return 0;
}

void filter_scan_release(struct filter *filter)
{
	free(filter->scan);
}
