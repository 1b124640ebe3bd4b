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

struct csv_cut {
	size_t end;     /* of the row, without its line end */
	size_t next;    /* where the next row begins */
	uint64_t lines; /* physical lines */
	size_t count;   /* of its fields; 0 for a blank line */
	struct slice *fields; /* where they are written, for CSV_MAXIMUM_FIELDS */
};

void csv_regular_init(struct csv_regular *regular, size_t maximum_row);
void csv_regular_release(struct csv_regular *regular);
void csv_regular_begin(struct csv_regular *regular, struct slice window); /* before the first row of every window */

/* Splits the row that begins at `position`. False when it is not regular, not whole (its line end is not there), or
   longer than CSV_SCAN_BYTES. */
bool csv_regular_take(struct csv_regular *regular, size_t position, struct csv_cut *cut);

#endif
