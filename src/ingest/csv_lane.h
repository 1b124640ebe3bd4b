/*
 * The fast lane for rows of a CSV: those of the usual kind are read here, all others by the parser, to the same result.
 *
 * A row is usual when it has no quotes, its message stands last, its service right before its level, and both have come
 * together before. Then the text of the two, as it stands, says which head it has.
 */
#ifndef TOCSIN_SRC_INGEST_CSV_LANE_H
#define TOCSIN_SRC_INGEST_CSV_LANE_H

#include "ingest/coder.h"
#include "ingest/format_table.h"

#define CSV_LANE_BYTES ((size_t)32) /* of service and level */
#define CSV_LANE_PLACES 256         /* a power of two */

struct csv_lane_span {
	uint64_t words[CSV_LANE_BYTES / 8];
	uint64_t size; /* 0: free */
	uint32_t head;
};

struct csv_lane {
	const struct coder *coder; /* of which the heads are */
	struct csv_lane_span spans[CSV_LANE_PLACES];
};

/* What a row says. */
struct csv_lane_row {
	int64_t time;
	struct slice message;
	uint32_t head;
};

/* Can rows of this source be usual? */
bool csv_lane_fits(const struct csv_columns *columns);

/* Heads of another coder are forgotten. */
void csv_lane_use(struct csv_lane *lane, const struct coder *coder);

/* False when the row is not usual, or its service and level are not known yet. */
bool csv_lane_read(struct csv_lane *lane, const struct parser *parser, const struct csv_row *row,
	struct csv_lane_row *out);
/* From now on the row's service and level mean this head. Only for a row that was read well, and has a time. */
void csv_lane_learn(struct csv_lane *lane, const struct parser *parser, const struct csv_row *row, uint32_t head);

#endif
