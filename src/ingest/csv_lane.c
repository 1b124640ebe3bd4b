#include "ingest/csv_lane.h"

#include <string.h>

#include "ingest/format_csv.h"

#define EIGHT_ONES 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff

bool csv_lane_fits(const struct csv_columns *columns)
{
	return columns->time >= 0 && columns->service >= 0 && columns->level == columns->service + 1 &&
		columns->message > columns->level && columns->message > columns->time &&
		(size_t)columns->message + 1 == columns->count;
}

void csv_lane_use(struct csv_lane *lane, const struct coder *coder)
{
	if (lane->coder == coder)
		return;
	memset(lane->spans, 0, sizeof(lane->spans));
	lane->coder = coder;
}

static inline uint64_t load(const void *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The text from the begin of the service to the end of the level, zeros behind it, and its place. False when it is too
   long, or stands too near to the end of the row. */
static inline bool find_span(struct csv_lane *lane, const struct csv_columns *columns, const struct csv_row *row,
	struct csv_lane_span *span, struct csv_lane_span **place)
{
	static const unsigned char masks[2 * CSV_LANE_BYTES] = { EIGHT_ONES, EIGHT_ONES, EIGHT_ONES, EIGHT_ONES };
	const char *begin =
		columns->service == 0 ? row->raw.data : row->base + row->marks[columns->service - 1] + 1;
	size_t size = (size_t)(row->base + row->marks[columns->level] - begin);
	uint64_t hash;

	if (size > CSV_LANE_BYTES || (size_t)(row->raw.data + row->raw.size - begin) < CSV_LANE_BYTES)
		return false;
	for (size_t i = 0; i < CSV_LANE_BYTES / 8; i++)
		span->words[i] = load(begin + 8 * i) & load(masks + CSV_LANE_BYTES - size + 8 * i);
	span->size = size;
	hash = (span->words[0] ^ span->words[2]) * UINT64_C(0x9E3779B97F4A7C15) ^
		(span->words[1] ^ span->words[3] ^ size) * UINT64_C(0xC2B2AE3D27D4EB4F);
	*place = &lane->spans[(hash ^ hash >> 29) >> 32 & (CSV_LANE_PLACES - 1)];
	return true;
}

static inline bool is_same(const struct csv_lane_span *a, const struct csv_lane_span *b)
{
	uint64_t different = a->size ^ b->size;

	for (size_t i = 0; i < CSV_LANE_BYTES / 8; i++)
		different |= a->words[i] ^ b->words[i];
	return different == 0;
}

static inline bool is_plain(const struct csv_columns *columns, const struct csv_row *row)
{
	return row->fields == NULL && row->count >= columns->count;
}

bool csv_lane_read(
	struct csv_lane *lane, const struct parser *parser, const struct csv_row *row, struct csv_lane_row *out)
{
	const struct csv_columns *columns = &parser->columns;
	struct csv_lane_span span, *place;
	const char *message;

	if (!is_plain(columns, row) || !find_span(lane, columns, row, &span, &place) || !is_same(&span, place) ||
		!csv_read_time(parser, csv_row_cell(row, (size_t)columns->time), &out->time))
		return false;
	out->head = place->head;
	message = row->base + row->marks[columns->message - 1] + 1;
	out->message = (struct slice){ message, (size_t)(row->raw.data + row->raw.size - message) };
	/* blanks beside it are the parser's */
	return out->message.size > 0 && (unsigned char)message[0] > ' ' &&
		(unsigned char)message[out->message.size - 1] > ' ';
}

void csv_lane_learn(struct csv_lane *lane, const struct parser *parser, const struct csv_row *row, uint32_t head)
{
	struct csv_lane_span span, *place;

	if (head == CODER_NONE || !is_plain(&parser->columns, row) ||
		!find_span(lane, &parser->columns, row, &span, &place))
		return;
	span.head = head;
	*place = span;
}
