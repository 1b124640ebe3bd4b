/*
 * Regular rows of a CSV, split without libcsv.
 *
 * A row is regular when each of its fields either holds no quote, or begins and ends with one and holds them only
 * doubled. About such rows there is but one opinion. All others are left to whoever asks.
 */
#ifndef BASE_CSV_REGULAR_H
#define BASE_CSV_REGULAR_H

#include "base/csv_scan.h"
#include "tocsin/base/buffer.h"
#include "tocsin/base/csv.h"

struct csv_regular {
	csv_scan_fn scan;
	struct slice window; /* what is being split */
	size_t begin;        /* of the stretch of it that was scanned */
	size_t end;
	size_t position; /* in the window, to which `next` belongs */
	size_t next;     /* the first mark at or behind it */
	size_t count;
	bool ran_out; /* the row that was not taken goes on behind the stretch */
	struct buffer undoubled; /* fields in which doubled quotes were made single */
	uint32_t marks[CSV_SCAN_MARKS]; /* counted from `begin` */
};

/* Rows that were split and not given yet. */
#define CSV_ROWS_FIELDS ((size_t)8 * CSV_MAXIMUM_FIELDS)

struct csv_rows {
	size_t count;
	size_t field_count;
	bool is_full; /* or must be given before there can be more */
	struct csv_row rows[CSV_BATCH];
	struct slice fields[CSV_ROWS_FIELDS];
};

/* Where the next row begins. */
struct csv_place {
	size_t position; /* in the window */
	uint64_t offset; /* in what was fed */
	uint64_t line;
};

void csv_regular_init(struct csv_regular *regular, size_t maximum_row);
void csv_regular_release(struct csv_regular *regular);
void csv_regular_begin(struct csv_regular *regular, struct slice window); /* before the first row of every window */

/* Splits rows from `place` on, which moves, until `rows` is full or there is one that is not regular, not whole (its
   line end is not there), or longer than `maximum_row` or CSV_SCAN_BYTES. */
void csv_regular_take(struct csv_regular *regular, struct csv_place *place, size_t maximum_row, struct csv_rows *rows);

#endif
