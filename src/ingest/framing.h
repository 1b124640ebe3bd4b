/*
 * Bytes to frames: where one record ends and the next begins.
 *
 * Feed it pieces cut anywhere. Lines end in LF or CRLF; rows of a CSV may span lines. Bytes are never changed. Where
 * the format can tell that a line goes on with the record before it, the last record is held back until the next line,
 * or `framer_release_held`, shows that it is complete.
 */
#ifndef TOCSIN_SRC_INGEST_FRAMING_H
#define TOCSIN_SRC_INGEST_FRAMING_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/csv.h"

struct frame {
	struct slice raw;          /* without the last line end; borrowed until the callback returns */
	uint64_t offset;           /* where it stands in the bytes fed */
	uint64_t line;             /* its first physical line, from 1 */
	const struct csv_row *row; /* its cells; NULL for lines */
	bool several;              /* physical lines: raw may hold line ends */
	bool truncated;            /* it was longer than RECORD_MAXIMUM: raw is its head */
};

typedef void (*frame_fn)(void *context, const struct frame *frame);
/* Does `line` belong to the record of which `first` is the first line and `previous` the last so far? */
typedef bool (*frame_joins_fn)(void *context, struct slice first, struct slice previous, struct slice line);

/* The record that may still go on. */
struct held {
	bool is_open;
	struct slice raw;      /* in the bytes being fed, or in `copy` */
	size_t first_size;     /* of its first line */
	size_t previous_start; /* of its last line so far */
	size_t lines;
	uint64_t offset;
	uint64_t line;
	struct buffer copy;
};

struct framer {
	bool is_csv;
	struct csv *csv;     /* NULL until bytes come, and after a finish */
	uint64_t position;   /* of the next byte to be fed */
	uint64_t line;       /* physical line that the next byte stands on */
	struct buffer carry; /* the beginning of a line whose end has not come */
	uint64_t carry_offset;
	bool overlong; /* bytes of the carried line were dropped */
	struct held held;
	frame_fn on_frame;
	frame_joins_fn joins; /* NULL: every line is a record */
	csv_rows_fn on_rows;  /* of a CSV, instead of on_frame; or NULL */
	bool is_cut;          /* CSV: the last byte fed is no line end */
	void *context;
};

void framer_init(
	struct framer *framer, bool is_csv, uint64_t position, uint64_t line, frame_fn on_frame, void *context);
void framer_release(struct framer *framer);
void framer_set_joins(struct framer *framer, frame_joins_fn joins); /* before anything is fed */

/* Rows of a CSV are given several at a time, not as frames; before anything is fed. One that is malformed and of
   RECORD_MAXIMUM bytes is truncated. */
void framer_set_rows(struct framer *framer, csv_rows_fn on_rows);

int framer_feed(struct framer *framer, struct slice bytes);
/* The bytes have ended: gives the record whose line end did not come. More may be fed afterwards. */
int framer_finish(struct framer *framer);
/* Is there a line, or a row, that has begun and not ended? */
bool framer_is_pending(const struct framer *framer);
/* Would what is fed next begin a line, or a row? */
bool framer_is_between(const struct framer *framer);
/* Does the last physical line lack its end? A row of a CSV may be pending though it does not. */
bool framer_in_line(const struct framer *framer);

/* Complete lines of a record that is held back, 0 for none. */
size_t framer_held_lines(const struct framer *framer);
/* Gives the record that is held back, unless an unfinished line stands behind it that belongs to it so far. */
void framer_release_held(struct framer *framer);

#endif
