/*
 * CSV (RFC 4180, as libcsv reads it) from bytes that come in pieces.
 *
 * Feed it chunks cut anywhere; it hands over one row at a time with where that row stood: byte offset and size of its
 * raw text without the line end, and the physical line it began on, counted from 1. Blank lines are skipped. A UTF-8
 * byte-order mark at offset 0 is skipped. Lines may end in LF, CRLF or CR.
 *
 * A quote that is never closed must not swallow the file: a row of more than `maximum_row` bytes, or one still open at
 * the end, is given back as malformed with only its first physical line, and reading resumes on the line after it. Of a
 * physical line longer than `maximum_row` only that many bytes are given.
 */
#ifndef TOCSIN_BASE_CSV_H
#define TOCSIN_BASE_CSV_H

#include "tocsin/base/slice.h"

#define CSV_MAXIMUM_FIELDS 64
#define CSV_BATCH 64 /* rows that are given at once */

struct csv_row {
	const struct slice *fields; /* borrowed until the callback returns; unquoted, trimmed as libcsv does. In a batch
				       NULL for a plain row: see csv_row_cell */
	size_t count;               /* fields beyond CSV_MAXIMUM_FIELDS are not split: the raw row still holds them */
	struct slice raw;           /* the bytes as they stood, borrowed until the callback returns */
	const char *base;      /* of a plain row, which has no quotes: each field ends `marks[field]` bytes behind it */
	const uint32_t *marks; /* counted from `base` */
	uint64_t offset;
	uint64_t line;
	bool several;   /* physical lines */
	bool malformed; /* no fields; raw is the first physical line */
};

/* A field of any row; of a plain one not trimmed. */
static inline struct slice csv_row_cell(const struct csv_row *row, size_t index)
{
	const char *begin;

	if (row->fields != NULL)
		return row->fields[index];
	begin = index == 0 ? row->raw.data : row->base + row->marks[index - 1] + 1;
	return (struct slice){begin, (size_t)(row->base + row->marks[index] - begin)};
}

/* Writes the fields of a plain row out. */
void csv_row_expand(struct csv_row *row, struct slice fields[CSV_MAXIMUM_FIELDS]);

typedef void (*csv_row_fn)(void *context, const struct csv_row *row);
typedef void (*csv_rows_fn)(void *context, const struct csv_row *rows, size_t count); /* at most CSV_BATCH */

struct csv;

/* `offset` and `line` say where the first byte fed stands (0 and 1 at the start of a file). NULL when out of memory. */
struct csv *csv_create(size_t maximum_row, uint64_t offset, uint64_t line, csv_row_fn on_row, void *context);
void csv_destroy(struct csv *csv);

/* Takes the code that runs on any processor, where there is faster: the rows must be the same. */
void csv_use_portable(struct csv *csv);

/* From now on rows come several at a time, to this function. The same rows in the same order. */
void csv_give_batches(struct csv *csv, csv_rows_fn on_rows);

int csv_feed(struct csv *csv, struct slice bytes);
int csv_finish(struct csv *csv); /* the bytes have ended: gives the last row, though no newline came */

/* Where the row that is not complete yet began: everything before it was handed over. */
uint64_t csv_pending_offset(const struct csv *csv);
/* Is the rest of a line being passed over that was too long? */
bool csv_is_skipping(const struct csv *csv);
uint64_t csv_pending_line(const struct csv *csv); /* and the physical line on which it did */

#endif
