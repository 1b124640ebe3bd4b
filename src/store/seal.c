/*
 * Sealing: the dictionary first, then the numbers of each column as they will be stored, then how wide each is, which
 * tells how large the segment becomes; and last everything is packed.
 */
#include "store/seal.h"

#include <stdlib.h>
#include <string.h>

#define COARSEST_UNIT TIMESTAMP_SECOND
#define UNIT_STEP 1000

/* A segment before it has its memory. */
struct draft {
	struct segment head;
	uint64_t rows[SEGMENT_MOST_BLOCKS][ROW_COUNT];
	uint64_t sources[STORE_MAXIMUM_SOURCES][SOURCE_COUNT];
	size_t words;
};

int sealer_init(struct sealer *sealer, size_t records)
{
	sealer->records = records;
	sealer->entries = calloc(records, sizeof(*sealer->entries));
	sealer->codes = calloc(records, sizeof(*sealer->codes));
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		sealer->columns[i] = calloc(records, sizeof(**sealer->columns));
		if (!sealer->columns[i])
			return ERROR_MEMORY;
	}
	return sealer->entries && sealer->codes ? 0 : ERROR_MEMORY;
}

void sealer_release(struct sealer *sealer)
{
	free(sealer->entry_of);
	free(sealer->entries);
	free(sealer->codes);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		free(sealer->columns[i]);
}

/* --- the dictionary -------------------------------------------------------------------------------------------- */

static int make_entry_of(struct sealer *sealer, const struct tuples *tuples)
{
	size_t count = tuples->count + tuples->count / 2 + 64;
	uint32_t *grown;

	if (tuples->count <= sealer->entry_of_count)
		return 0;
	grown = reallocarray(sealer->entry_of, count, sizeof(*grown));
	if (!grown)
		return ERROR_MEMORY;
	memset(grown + sealer->entry_of_count, 0, (count - sealer->entry_of_count) * sizeof(*grown));
	sealer->entry_of = grown;
	sealer->entry_of_count = count;
	return 0;
}

static void find_entries(struct sealer *sealer, const struct open_segment *open)
{
	sealer->entry_count = 0;
	for (size_t i = 0; i < sealer->records; i++) {
		uint32_t tuple = atomic_load_explicit(&open->tuples[i], memory_order_relaxed);
		uint32_t *entry = &sealer->entry_of[tuple];

		if (*entry == 0) {
			sealer->entries[sealer->entry_count++] =
				(struct sealed_entry){ .tuple = tuple, .first = (uint32_t)i };
			*entry = (uint32_t)sealer->entry_count;
		}
		sealer->entries[*entry - 1].records++;
		sealer->codes[i] = (uint16_t)(*entry - 1);
	}
	for (size_t i = 0; i < sealer->entry_count; i++)
		sealer->entry_of[sealer->entries[i].tuple] = 0;
}

/* What tells where an entry belongs: those without a time last, then by service, level and template, so that what is
   asked for together lies together. */
static int compare_entries(const void *a, const void *b, void *context)
{
	const struct tuple *first = tuples_at(context, ((const struct sealed_entry *)a)->tuple);
	const struct tuple *second = tuples_at(context, ((const struct sealed_entry *)b)->tuple);

	if (first->timeless != second->timeless)
		return first->timeless - second->timeless;
	if (first->service != second->service)
		return first->service - second->service;
	if (first->level != second->level)
		return first->level - second->level;
	if (first->template != second->template)
		return first->template <second->template ? -1 : 1;
	return ((const struct sealed_entry *)a)->tuple < ((const struct sealed_entry *)b)->tuple ? -1 : 1;
}

static void sort_entries(struct sealer *sealer, const struct tuples *tuples, struct segment *head)
{
	uint16_t moved[SEGMENT_MOST_BLOCKS * PLANES_NUMBERS];

	qsort_r(sealer->entries, sealer->entry_count, sizeof(*sealer->entries), compare_entries,
		(void *)(uintptr_t)tuples);
	for (size_t i = 0; i < sealer->entry_count; i++)
		moved[sealer->codes[sealer->entries[i].first]] = (uint16_t)i;
	for (size_t i = 0; i < sealer->records; i++)
		sealer->codes[i] = moved[sealer->codes[i]];
	head->entry_count = (uint16_t)sealer->entry_count;
	while (head->timed_count < sealer->entry_count &&
		!tuples_at(tuples, sealer->entries[head->timed_count].tuple)->timeless)
		head->timed_count++;
	head->code_bits = (uint8_t)planes_bits(sealer->entry_count - 1);
}

static void find_sources(struct sealer *sealer, const struct tuples *tuples, struct segment *head)
{
	for (size_t i = 0; i < sealer->entry_count; i++) {
		uint16_t *place = &sealer->source_of[tuples_at(tuples, sealer->entries[i].tuple)->source];

		if (*place == 0)
			*place = ++head->source_count;
		sealer->entries[i].source = (uint32_t)*place - 1;
	}
	for (size_t i = 0; i < sealer->entry_count; i++)
		sealer->source_of[tuples_at(tuples, sealer->entries[i].tuple)->source] = 0;
}

/* --- columns --------------------------------------------------------------------------------------------------- */

/* Takes the smallest number, as a signed one, off all; those at the beginning of blocks only when they are counted. */
static void take_least(struct sealer *sealer, struct segment *head, enum segment_column column, size_t skipped)
{
	uint64_t *numbers = sealer->columns[column];
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < sealer->records; i++)
		if (i % PLANES_NUMBERS != skipped && (int64_t)numbers[i] < least)
			least = (int64_t)numbers[i];
	for (size_t i = 0; i < sealer->records; i++)
		numbers[i] = i % PLANES_NUMBERS != skipped ? numbers[i] - (uint64_t)least : 0;
	head->least[column] = (uint64_t)least;
}

static void find_times(struct sealer *sealer, const struct open_segment *open, struct segment *head)
{
	int64_t unit = COARSEST_UNIT;

	head->minimum = INT64_MAX;
	head->maximum = TIMESTAMP_NONE;
	for (size_t i = 0; i < sealer->records; i++) {
		int64_t time = atomic_load_explicit(&open->times[i], memory_order_relaxed);

		if (time == TIMESTAMP_NONE)
			continue;
		head->minimum = time < head->minimum ? time : head->minimum;
		head->maximum = time > head->maximum ? time : head->maximum;
		while (unit > 1 && time % unit != 0)
			unit /= UNIT_STEP;
	}
	head->unit = unit;
}

/* Steps of time. A record without one stands where the record before stands. */
static void put_times(struct sealer *sealer, const struct open_segment *open, struct draft *draft)
{
	uint64_t *numbers = sealer->columns[COLUMN_TIME];
	int64_t unit = draft->head.unit;
	uint64_t before = draft->head.maximum == TIMESTAMP_NONE ? 0 : (uint64_t)(draft->head.minimum / unit);

	for (size_t i = 0; i < sealer->records; i++) {
		int64_t time = atomic_load_explicit(&open->times[i], memory_order_relaxed);
		uint64_t here = time == TIMESTAMP_NONE ? before : (uint64_t)(time / unit);

		if (i % PLANES_NUMBERS == 0)
			draft->rows[i / PLANES_NUMBERS][ROW_TIME] = here;
		numbers[i] = here - before;
		before = here;
	}
	take_least(sealer, &draft->head, COLUMN_TIME, 0);
}

static void put_sizes(struct sealer *sealer, const struct open_segment *open, struct draft *draft)
{
	for (size_t i = 0; i < sealer->records; i++)
		sealer->columns[COLUMN_SIZE][i] = atomic_load_explicit(&open->sizes[i], memory_order_relaxed);
	take_least(sealer, &draft->head, COLUMN_SIZE, SIZE_MAX);
}

/* One source: the way from each record to the next. */
static void put_steps(struct sealer *sealer, const struct open_segment *open, struct draft *draft)
{
	size_t last = PLANES_NUMBERS - 1;

	for (size_t i = 0; i < sealer->records; i++) {
		uint64_t offset = atomic_load_explicit(&open->offsets[i], memory_order_relaxed);
		uint64_t line = atomic_load_explicit(&open->lines[i], memory_order_relaxed);
		uint64_t size = atomic_load_explicit(&open->sizes[i], memory_order_relaxed);

		if (i % PLANES_NUMBERS == 0) {
			draft->rows[i / PLANES_NUMBERS][ROW_OFFSET] = offset;
			draft->rows[i / PLANES_NUMBERS][ROW_LINE] = line;
		}
		if (i % PLANES_NUMBERS == last)
			continue;
		sealer->columns[COLUMN_OFFSET][i] =
			atomic_load_explicit(&open->offsets[i + 1], memory_order_relaxed) - offset - size;
		sealer->columns[COLUMN_LINE][i] =
			atomic_load_explicit(&open->lines[i + 1], memory_order_relaxed) - line;
	}
	take_least(sealer, &draft->head, COLUMN_OFFSET, last);
	take_least(sealer, &draft->head, COLUMN_LINE, last);
}

/* Several sources: the distance from the smallest of the record's source. */
static void put_distances(struct sealer *sealer, const struct open_segment *open, struct draft *draft)
{
	memset(draft->sources, 0xff, draft->head.source_count * sizeof(*draft->sources));
	for (size_t i = 0; i < sealer->records; i++) {
		uint64_t *source = draft->sources[sealer->entries[sealer->codes[i]].source];
		uint64_t offset = atomic_load_explicit(&open->offsets[i], memory_order_relaxed);
		uint64_t line = atomic_load_explicit(&open->lines[i], memory_order_relaxed);

		source[SOURCE_OFFSET] = offset < source[SOURCE_OFFSET] ? offset : source[SOURCE_OFFSET];
		source[SOURCE_LINE] = line < source[SOURCE_LINE] ? line : source[SOURCE_LINE];
	}
	for (size_t i = 0; i < sealer->records; i++) {
		const uint64_t *source = draft->sources[sealer->entries[sealer->codes[i]].source];

		sealer->columns[COLUMN_OFFSET][i] =
			atomic_load_explicit(&open->offsets[i], memory_order_relaxed) - source[SOURCE_OFFSET];
		sealer->columns[COLUMN_LINE][i] =
			atomic_load_explicit(&open->lines[i], memory_order_relaxed) - source[SOURCE_LINE];
	}
}

/* --- widths ---------------------------------------------------------------------------------------------------- */

static void measure_blocks(const struct sealer *sealer, struct draft *draft)
{
	uint64_t planes = 0;

	for (size_t block = 0; block < draft->head.block_count; block++) {
		draft->rows[block][ROW_PLANES] = planes;
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			const uint64_t *numbers = &sealer->columns[column][block * PLANES_NUMBERS];
			uint64_t any = 0;

			for (size_t i = 0; i < PLANES_NUMBERS; i++)
				any |= numbers[i];
			draft->rows[block][ROW_BITS + column] = planes_bits(any);
			planes += planes_bits(any);
		}
	}
	draft->words += planes;
}

/* Lays out fields from the smallest and largest value of each; returns the bits of a row. */
static uint16_t lay_fields(struct segment_field *fields, size_t count, const uint64_t *spans)
{
	uint16_t at = 0;

	for (size_t i = 0; i < count; i++) {
		fields[i].at = at;
		fields[i].bits = (uint8_t)planes_bits(spans[i]);
		at = (uint16_t)(at + fields[i].bits);
	}
	return at;
}

static void measure_rows(struct draft *draft)
{
	uint64_t spans[ROW_COUNT];

	for (size_t i = 0; i < ROW_COUNT; i++) {
		int64_t least = INT64_MAX;

		for (size_t block = 0; block < draft->head.block_count; block++)
			if ((int64_t)draft->rows[block][i] < least)
				least = (int64_t)draft->rows[block][i];
		draft->head.rows[i].least = (uint64_t)least;
		spans[i] = 0;
		for (size_t block = 0; block < draft->head.block_count; block++)
			spans[i] |= draft->rows[block][i] - (uint64_t)least;
	}
	draft->head.row_bits = lay_fields(draft->head.rows, ROW_COUNT, spans);
}

static void measure_entries(const struct sealer *sealer, struct draft *draft)
{
	uint64_t spans[ENTRY_COUNT] = { 0 };

	draft->head.entries[ENTRY_RECORDS].least = 1;
	for (size_t i = 0; i < sealer->entry_count; i++) {
		spans[ENTRY_TUPLE] |= sealer->entries[i].tuple;
		spans[ENTRY_RECORDS] |= sealer->entries[i].records - 1;
		spans[ENTRY_SOURCE] |= sealer->entries[i].source;
	}
	draft->head.entry_bits = lay_fields(draft->head.entries, ENTRY_COUNT, spans);
}

static uint32_t lay_part(struct draft *draft, size_t bits)
{
	size_t at = draft->words;

	draft->words += (bits + 63) / 64;
	return (uint32_t)at;
}

static void lay_parts(struct draft *draft)
{
	struct segment *head = &draft->head;
	size_t planes = draft->words;

	draft->words = (size_t)head->code_bits * head->block_count;
	head->row_words = lay_part(draft, (size_t)head->row_bits * head->block_count);
	head->entry_words = lay_part(draft, (size_t)head->entry_bits * head->entry_count);
	head->source_words = (uint32_t)draft->words;
	draft->words += head->source_count > 1 ? (size_t)head->source_count * SOURCE_COUNT : 0;
	head->plane_words = (uint32_t)draft->words;
	draft->words += planes;
}

/* --- packing --------------------------------------------------------------------------------------------------- */

static void pack_blocks(const struct sealer *sealer, const struct draft *draft, struct segment *segment)
{
	uint64_t *planes = &segment_words(segment)[segment->plane_words], codes[PLANES_NUMBERS];

	for (size_t block = 0; block < segment->block_count; block++) {
		size_t first = block * PLANES_NUMBERS;

		for (size_t i = 0; i < PLANES_NUMBERS; i++)
			codes[i] = sealer->codes[first + i];
		planes_pack(codes, segment->block_count, segment->code_bits, &segment_words(segment)[block]);
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			unsigned bits = (unsigned)draft->rows[block][ROW_BITS + column];

			planes_pack(&sealer->columns[column][first], 1, bits, planes);
			planes += bits;
		}
	}
}

static void pack_fields(
	const struct segment_field *fields, size_t count, uint64_t *words, size_t at, const uint64_t *numbers)
{
	for (size_t i = 0; i < count; i++)
		packed_put(words, at + fields[i].at, fields[i].bits, numbers[i] - fields[i].least);
}

static void pack(const struct sealer *sealer, const struct draft *draft, struct segment *segment)
{
	*segment = draft->head;
	for (size_t block = 0; block < segment->block_count; block++)
		pack_fields(segment->rows, ROW_COUNT, &segment_words(segment)[segment->row_words],
			block * segment->row_bits, draft->rows[block]);
	for (size_t i = 0; i < segment->entry_count; i++) {
		const struct sealed_entry *entry = &sealer->entries[i];
		uint64_t numbers[] = { entry->tuple, entry->records, entry->source };

		pack_fields(segment->entries, ENTRY_COUNT, &segment_words(segment)[segment->entry_words],
			i * segment->entry_bits, numbers);
	}
	if (segment->source_count > 1)
		memcpy(&segment_words(segment)[segment->source_words], draft->sources,
			segment->source_count * sizeof(*draft->sources));
	pack_blocks(sealer, draft, segment);
}

struct segment *sealer_seal(struct sealer *sealer, const struct tuples *tuples, const struct open_segment *open)
{
	struct draft draft = { .head.block_count = (uint8_t)(sealer->records / PLANES_NUMBERS) };
	struct segment *segment;

	if (make_entry_of(sealer, tuples) != 0)
		return NULL;
	find_entries(sealer, open);
	sort_entries(sealer, tuples, &draft.head);
	find_sources(sealer, tuples, &draft.head);
	find_times(sealer, open, &draft.head);
	put_times(sealer, open, &draft);
	put_sizes(sealer, open, &draft);
	if (draft.head.source_count == 1)
		put_steps(sealer, open, &draft);
	else
		put_distances(sealer, open, &draft);
	measure_blocks(sealer, &draft);
	measure_rows(&draft);
	measure_entries(sealer, &draft);
	lay_parts(&draft);
	segment = calloc(1, sizeof(*segment) + draft.words * sizeof(uint64_t));
	if (segment)
		pack(sealer, &draft, segment);
	return segment;
}
