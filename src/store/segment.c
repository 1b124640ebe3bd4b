/*
 * Reading a sealed segment.
 */
#include "store/segment.h"

#include <string.h>

#define WITH(index) (((UINT64_C(2) << (index)) - 1)) /* the bits up to `index`, it included */

static inline uint64_t get_row(const struct segment *segment, size_t block, enum segment_row row)
{
	const struct segment_field *field = &segment->rows[row];

	return packed_get(&segment_words(segment)[segment->row_words], block * segment->row_bits + field->at,
		       field->bits) +
		field->least;
}

static inline uint64_t get_entry(const struct segment *segment, size_t entry, enum segment_entry number)
{
	const struct segment_field *field = &segment->entries[number];

	return packed_get(&segment_words(segment)[segment->entry_words], entry * segment->entry_bits + field->at,
		       field->bits) +
		field->least;
}

uint32_t segment_entry_tuple(const struct segment *segment, size_t entry)
{
	return (uint32_t)get_entry(segment, entry, ENTRY_TUPLE);
}

void segment_entry_tuples(const struct segment *segment, uint32_t *tuples)
{
	for (size_t i = 0; i < segment->entry_count; i++)
		tuples[i] = segment_entry_tuple(segment, i);
}

uint32_t segment_entry_records(const struct segment *segment, size_t entry)
{
	return (uint32_t)get_entry(segment, entry, ENTRY_RECORDS);
}

/* The planes of a block, column by column. */
struct block_view {
	const uint64_t *planes[COLUMN_COUNT];
	unsigned bits[COLUMN_COUNT];
};

static inline void find_block(const struct segment *segment, size_t block, struct block_view *view)
{
	const uint64_t *planes = &segment_words(segment)[segment->plane_words + get_row(segment, block, ROW_PLANES)];

	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		view->planes[column] = planes;
		view->bits[column] = (unsigned)get_row(segment, block, ROW_BITS + column);
		planes += view->bits[column];
	}
}

static uint64_t get_code(const struct segment *segment, size_t block, size_t index)
{
	return planes_get(&segment_words(segment)[block], segment->block_count, segment->code_bits, index);
}

static uint64_t get_number(
	const struct segment *segment, const struct block_view *view, enum segment_column column, size_t index)
{
	return planes_get(view->planes[column], 1, view->bits[column], index) + segment->least[column];
}

/* The sum of the first `count` numbers of a column, at most 63. */
static uint64_t sum_numbers(
	const struct segment *segment, const struct block_view *view, enum segment_column column, size_t count)
{
	uint64_t sum = count * segment->least[column];

	/* Gaps and lines are usually all alike. */
	if (view->bits[column] > 0)
		sum += planes_sum(view->planes[column], view->bits[column], (UINT64_C(1) << count) - 1);
	return sum;
}

/* Steps are counted from the block's first record on, whose own is 0 and not the least. */
static int64_t get_time(const struct segment *segment, const struct block_view *view, size_t block, size_t index)
{
	uint64_t time = get_row(segment, block, ROW_TIME) + index * segment->least[COLUMN_TIME] +
		planes_sum(view->planes[COLUMN_TIME], view->bits[COLUMN_TIME], WITH(index));

	return (int64_t)(time * (uint64_t)segment->unit);
}

static void get_place(const struct segment *segment, const struct block_view *view, size_t block, size_t index,
	uint64_t code, struct record *record)
{
	if (segment->source_count == 1) {
		record->offset = get_row(segment, block, ROW_OFFSET) + sum_numbers(segment, view, COLUMN_SIZE, index) +
			sum_numbers(segment, view, COLUMN_OFFSET, index);
		record->line = get_row(segment, block, ROW_LINE) + sum_numbers(segment, view, COLUMN_LINE, index);
	} else {
		const uint64_t *source = &segment_words(
			segment)[segment->source_words + get_entry(segment, (size_t)code, ENTRY_SOURCE) * SOURCE_COUNT];

		record->offset = source[SOURCE_OFFSET] + get_number(segment, view, COLUMN_OFFSET, index);
		record->line = source[SOURCE_LINE] + get_number(segment, view, COLUMN_LINE, index);
	}
}

void segment_record(const struct segment *segment, const struct tuples *tuples, size_t position, struct record *record)
{
	size_t block = position / PLANES_NUMBERS, index = position % PLANES_NUMBERS;
	uint64_t code = get_code(segment, block, index);
	const struct tuple *tuple = tuples_at(tuples, segment_entry_tuple(segment, (size_t)code));
	struct block_view view;

	find_block(segment, block, &view);
	record->service = tuple->service;
	record->template = tuple->template;
	record->source = tuple->source;
	record->level = tuple->level;
	record->flags = tuple->flags;
	record->time = tuple->timeless ? TIMESTAMP_NONE : get_time(segment, &view, block, index);
	record->size = (uint32_t)get_number(segment, &view, COLUMN_SIZE, index);
	get_place(segment, &view, block, index, code, record);
}

int64_t segment_time(const struct segment *segment, size_t position)
{
	size_t block = position / PLANES_NUMBERS, index = position % PLANES_NUMBERS;
	struct block_view view;

	if (segment->timed_count < segment->entry_count && get_code(segment, block, index) >= segment->timed_count)
		return TIMESTAMP_NONE;
	find_block(segment, block, &view);
	return get_time(segment, &view, block, index);
}

/* --- blocks ---------------------------------------------------------------------------------------------------- */

void segment_codes(const struct segment *segment, size_t block, uint64_t codes[PLANES_NUMBERS])
{
	planes_unpack(&segment_words(segment)[block], segment->block_count, segment->code_bits, codes);
}

void segment_tuples(const struct segment *segment, size_t block, uint32_t tuples[PLANES_NUMBERS])
{
	uint64_t codes[PLANES_NUMBERS];

	segment_codes(segment, block, codes);
	for (size_t i = 0; i < PLANES_NUMBERS; i++)
		tuples[i] = segment_entry_tuple(segment, (size_t)codes[i]);
}

void segment_times(const struct segment *segment, size_t block, int64_t times[PLANES_NUMBERS])
{
	uint64_t time = get_row(segment, block, ROW_TIME), least = segment->least[COLUMN_TIME];
	uint64_t numbers[PLANES_NUMBERS];
	struct block_view view;

	find_block(segment, block, &view);
	planes_unpack(view.planes[COLUMN_TIME], 1, view.bits[COLUMN_TIME], numbers);
	for (size_t i = 0; i < PLANES_NUMBERS; i++) {
		time += numbers[i] + (i > 0 ? least : 0);
		times[i] = (int64_t)(time * (uint64_t)segment->unit);
	}
	if (segment->timed_count == segment->entry_count)
		return;
	segment_codes(segment, block, numbers);
	for (size_t i = 0; i < PLANES_NUMBERS; i++)
		if (numbers[i] >= segment->timed_count)
			times[i] = TIMESTAMP_NONE;
}

uint64_t segment_offset(const struct segment *segment, size_t block)
{
	return get_row(segment, block, ROW_OFFSET);
}

void segment_places(
	const struct segment *segment, size_t block, uint64_t offsets[PLANES_NUMBERS], uint32_t sizes[PLANES_NUMBERS])
{
	uint64_t numbers[PLANES_NUMBERS], gaps[PLANES_NUMBERS], offset = get_row(segment, block, ROW_OFFSET);
	struct block_view view;

	find_block(segment, block, &view);
	planes_unpack(view.planes[COLUMN_SIZE], 1, view.bits[COLUMN_SIZE], numbers);
	for (size_t i = 0; i < PLANES_NUMBERS; i++)
		sizes[i] = (uint32_t)(numbers[i] + segment->least[COLUMN_SIZE]);
	if (segment->source_count == 1) {
		planes_unpack(view.planes[COLUMN_OFFSET], 1, view.bits[COLUMN_OFFSET], gaps);
		for (size_t i = 0; i < PLANES_NUMBERS; i++) {
			offsets[i] = offset;
			offset += sizes[i] + gaps[i] + segment->least[COLUMN_OFFSET];
		}
		return;
	}
	segment_codes(segment, block, numbers);
	for (size_t i = 0; i < PLANES_NUMBERS; i++) {
		struct record record;

		get_place(segment, &view, block, i, numbers[i], &record);
		offsets[i] = record.offset;
	}
}

void segment_firsts(const struct segment *segment, uint16_t *firsts)
{
	uint64_t codes[PLANES_NUMBERS];
	size_t missing = segment->entry_count;

	memset(firsts, 0xff, segment->entry_count * sizeof(*firsts));
	for (size_t block = 0; missing > 0 && block < segment->block_count; block++) {
		segment_codes(segment, block, codes);
		for (size_t i = 0; i < PLANES_NUMBERS; i++) {
			if (firsts[codes[i]] != UINT16_MAX)
				continue;
			firsts[codes[i]] = (uint16_t)(block * PLANES_NUMBERS + i);
			missing--;
		}
	}
}

/* --- matching -------------------------------------------------------------------------------------------------- */

struct matching {
	const struct segment *segment;
	const uint16_t *before; /* how many of the entries below this one are wanted */
};

static void fill(uint64_t *masks, size_t count, uint64_t value)
{
	for (size_t i = 0; i < count; i++)
		masks[i] = value;
}

/* Takes from `upper` where the plane is set. */
static inline void choose(
	uint64_t *restrict masks, const uint64_t *restrict upper, const uint64_t *restrict plane, size_t count)
{
	for (size_t i = 0; i < count; i++)
		masks[i] ^= (masks[i] ^ upper[i]) & plane[i];
}

/*
 * The codes from `first` on that differ in the lowest `bits` bits, for all blocks at once: a half that is wanted whole
 * or not at all is decided without a look, else the next plane chooses between both. Codes beyond the dictionary do
 * not occur, so they may count as either.
 */
static void match_range(const struct matching *matching, size_t first, unsigned bits, uint64_t *masks)
{
	const struct segment *segment = matching->segment;
	size_t blocks = segment->block_count, half = first + ((size_t)1 << bits) / 2;
	size_t end =
		first + ((size_t)1 << bits) < segment->entry_count ? first + ((size_t)1 << bits) : segment->entry_count;
	size_t wanted = (size_t)(matching->before[end] - matching->before[first]);
	const uint64_t *plane;
	uint64_t upper[SEGMENT_MOST_BLOCKS];

	if (wanted == 0 || wanted == end - first) {
		fill(masks, blocks, wanted == 0 ? 0 : UINT64_MAX);
		return;
	}
	if (half >= end) {
		match_range(matching, first, bits - 1, masks);
		return;
	}
	plane = &segment_words(segment)[(bits - 1) * blocks];
	if (bits == 1) {
		uint64_t flip = matching->before[half] > matching->before[first] ? UINT64_MAX : 0;

		for (size_t i = 0; i < blocks; i++)
			masks[i] = plane[i] ^ flip;
		return;
	}
	match_range(matching, first, bits - 1, masks);
	match_range(matching, half, bits - 1, upper);
	/* A count that is known lets the usual segment be done several words at a time. */
	if (blocks == SEGMENT_MOST_BLOCKS)
		choose(masks, upper, plane, SEGMENT_MOST_BLOCKS);
	else
		choose(masks, upper, plane, blocks);
}

void segment_match(const struct segment *segment, const bool *wanted, uint64_t masks[SEGMENT_MOST_BLOCKS])
{
	uint16_t before[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS + 1];
	struct matching matching = { .segment = segment, .before = before };

	before[0] = 0;
	for (size_t i = 0; i < segment->entry_count; i++)
		before[i + 1] = (uint16_t)(before[i] + wanted[i]);
	match_range(&matching, 0, segment->code_bits, masks);
}
