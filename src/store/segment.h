/*
 * A sealed segment: full, written once, small. Most records take about three bytes.
 *
 * Its records come in blocks of 64. Beside a dictionary of the tuples that occur in it, with their counts, it holds
 * bit planes (see planes.h): the records' codes in that dictionary, as wide as the dictionary asks for, and four
 * columns of numbers, in each block as wide as its largest number. A row of packed numbers for each block tells where
 * its planes lie, how wide they are, and the values that its first record has:
 *
 *   time     steps from record to record, in the coarsest unit that is exact for the segment; a record without a time
 *            makes no step
 *   size     as it is
 *   offset   gap between the end of a record and the beginning of the next; line: step to the next
 *   offset and line of records of several sources: distance from the smallest of that source in the segment
 *
 * Each number is stored less the smallest of its column, modulo 2^64, so that no value is too large or out of order.
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "store/planes.h"
#include "store/tuples.h"

#define SEGMENT_MOST_BLOCKS ((size_t)64)

enum segment_column { COLUMN_TIME, COLUMN_SIZE, COLUMN_OFFSET, COLUMN_LINE, COLUMN_COUNT };

/* The numbers of a block's row; the last four are how many planes its columns have. */
enum segment_row { ROW_PLANES, ROW_TIME, ROW_OFFSET, ROW_LINE, ROW_BITS, ROW_COUNT = ROW_BITS + COLUMN_COUNT };

/* The numbers of an entry of the dictionary. */
enum segment_entry { ENTRY_TUPLE, ENTRY_RECORDS, ENTRY_SOURCE, ENTRY_COUNT };

/* The numbers of a source; kept only where there are several. */
enum segment_source { SOURCE_OFFSET, SOURCE_LINE, SOURCE_COUNT };

/* A number of a row: where it lies in it, how wide it is, and what was taken off. */
struct segment_field {
	uint64_t least;
	uint16_t at;
	uint8_t bits;
};

struct segment {
	int64_t minimum, maximum; /* of the times; INT64_MAX and TIMESTAMP_NONE when no record has one */
	int64_t unit;             /* of times */
	uint64_t least[COLUMN_COUNT];
	struct segment_field rows[ROW_COUNT];
	struct segment_field entries[ENTRY_COUNT];
	uint16_t row_bits;
	uint16_t entry_bits;
	uint16_t entry_count;
	uint16_t timed_count; /* entries from here on are of records without a time */
	uint16_t source_count;
	uint8_t block_count;
	uint8_t code_bits;
	/* Where the parts begin; the planes of the codes lie at 0, those of all blocks side by side. */
	uint32_t row_words, entry_words, source_words, plane_words;
};

/* The words that follow the segment in the same piece of memory. */
static inline uint64_t *segment_words(const struct segment *segment)
{
	return (uint64_t *)(uintptr_t)(segment + 1);
}

/* All but the id. */
void segment_record(const struct segment *segment, const struct tuples *tuples, size_t position, struct record *record);
int64_t segment_time(const struct segment *segment, size_t position);

/* Of the 64 records of a block. */
void segment_times(const struct segment *segment, size_t block, int64_t times[PLANES_NUMBERS]);
void segment_codes(const struct segment *segment, size_t block, uint64_t codes[PLANES_NUMBERS]);
void segment_tuples(const struct segment *segment, size_t block, uint32_t tuples[PLANES_NUMBERS]);

/* Where a block begins in its source; only where all records are of one. */
uint64_t segment_offset(const struct segment *segment, size_t block);
void segment_places(const struct segment *segment, size_t block, uint64_t offsets[PLANES_NUMBERS],
	uint32_t sizes[PLANES_NUMBERS]);

/* The dictionary. */
uint32_t segment_entry_tuple(const struct segment *segment, size_t entry);
void segment_entry_tuples(const struct segment *segment, uint32_t *tuples); /* of all entries */
uint32_t segment_entry_records(const struct segment *segment, size_t entry);
/* The position of the first record of each entry. */
void segment_firsts(const struct segment *segment, uint16_t *firsts);

/* Sets in masks[block] the bits of those records whose entry is wanted. */
void segment_match(const struct segment *segment, const bool *wanted, uint64_t masks[SEGMENT_MOST_BLOCKS]);

#endif
