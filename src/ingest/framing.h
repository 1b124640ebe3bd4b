/*
 * Bytes to frames: where one record ends and the next begins.
 *
 * Feed it pieces cut anywhere. Lines end in LF or CRLF; rows of a CSV may span lines. Bytes are never changed.
 */
#ifndef TOCSIN_SRC_INGEST_FRAMING_H
#define TOCSIN_SRC_INGEST_FRAMING_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/csv.h"

struct frame {
	struct slice raw;	   /* without the line end; borrowed until the callback returns */
	uint64_t offset;	   /* where it stands in the bytes fed */
	uint64_t line;		   /* its first physical line, from 1 */
	const struct csv_row *row; /* its cells; NULL for lines */
	bool truncated;		   /* it was longer than RECORD_MAXIMUM: raw is its head */
};

typedef void (*frame_fn)(void *context, const struct frame *frame);

struct framer {
	bool is_csv;
	struct csv *csv;     /* NULL until bytes come, and after a finish */
	uint64_t position;   /* of the next byte to be fed */
	uint64_t line;	     /* physical line that the next byte stands on */
	struct buffer carry; /* the beginning of a line whose end has not come */
	uint64_t carry_offset;
	bool overlong; /* bytes of the carried line were dropped */
	frame_fn on_frame;
	void *context;
};

void framer_init(
	struct framer *framer, bool is_csv, uint64_t position, uint64_t line, frame_fn on_frame, void *context);
void framer_release(struct framer *framer);

int framer_feed(struct framer *framer, struct slice bytes);
/* The bytes have ended: gives the record whose line end did not come. More may be fed afterwards. */
int framer_finish(struct framer *framer);
/* Is there a record that has begun and not ended? */
bool framer_is_pending(const struct framer *framer);

#endif
