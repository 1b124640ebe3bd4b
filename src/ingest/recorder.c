#include "ingest/recorder.h"

#include <stdlib.h>

#include "ingest/format_csv.h"

/* How many bytes of the raw text stand from the begin of `part` on; its size when it does not stand there. */
static inline size_t count_readable(struct slice raw, struct slice part)
{
	uintptr_t begin = (uintptr_t)raw.data, at = (uintptr_t)part.data;

	return at >= begin && at - begin < raw.size ? raw.size - (at - begin) : part.size;
}

static inline uint32_t put_head(struct recorder *recorder, struct slice raw, const struct row *row)
{
	struct store_kind kind = {
		.service = row->service,
		.level = row->level,
		.flags = row->flags,
		.source = recorder->code,
		.timeless = row->time == TIMESTAMP_NONE,
	};

	if (kind.service.size == 0)
		kind.service = slice_of(recorder->stem);
	return coder_put_head(recorder->coder, &kind, count_readable(raw, kind.service));
}

static void put(struct recorder *recorder, const struct frame *frame, const struct row *row)
{
	uint32_t code = coder_put(recorder->coder, put_head(recorder, frame->raw, row), row->message);
	struct store_entry *entry = code != CODER_NONE ? entries_push(&recorder->queue) : NULL;

	if (entry == NULL) {
		recorder->pending.lost++;
		return;
	}
	*entry = (struct store_entry){
		.time = row->time,
		.offset = recorder->base + frame->offset,
		.line = frame->line,
		.size = (uint32_t)frame->raw.size,
		.kind = code,
	};
}

static uint64_t count_line_ends(struct slice raw)
{
	uint64_t count = 0;
	size_t at;

	for (; (at = slice_find_byte(raw, '\n')) != SIZE_MAX; count++)
		raw = slice_from(raw, at + 1);
	return count;
}

static void on_frame(void *context, const struct frame *frame)
{
	struct recorder *recorder = context;
	struct row row;

	if (slice_trim(frame->raw).size == 0)
		return;
	parser_parse(recorder->parser, frame->raw, &row);
	if (frame->several)
		recorder->pending.joined += count_line_ends(frame->raw);
	if (frame->truncated)
		recorder->pending.truncated++;
	put(recorder, frame, &row);
	recorder->given++;
	if (row.time != TIMESTAMP_NONE)
		recorder->last_time = row.time;
}

/* What rows of a CSV say, column by column. */
struct columns {
	int64_t times[CSV_BATCH];
	struct slice messages[CSV_BATCH];
	uint32_t heads[CSV_BATCH];
	uint32_t codes[CSV_BATCH];
};

/* A row that is not usual, or the first of its kind. */
static void parse_row(struct recorder *recorder, const struct csv_row *row, struct csv_lane_row *out)
{
	struct row parsed;

	csv_parse_row(recorder->parser, row, &parsed);
	out->time = parsed.time;
	out->message = parsed.message;
	out->head = put_head(recorder, row->raw, &parsed);
	if (recorder->lane != NULL && parsed.flags == 0 && parsed.time != TIMESTAMP_NONE)
		csv_lane_learn(recorder->lane, recorder->parser, row, out->head);
	if (row->several)
		recorder->pending.joined += count_line_ends(row->raw);
	recorder->pending.truncated += row->malformed && row->raw.size >= RECORD_MAXIMUM;
}

static void read_rows(struct recorder *recorder, const struct csv_row *rows, size_t count, struct columns *columns)
{
	struct csv_lane *lane = recorder->lane;
	struct csv_lane_row row;

	for (size_t i = 0; i < count; i++) {
		if (lane == NULL || !csv_lane_read(lane, recorder->parser, &rows[i], &row))
			parse_row(recorder, &rows[i], &row);
		columns->times[i] = row.time;
		columns->messages[i] = row.message;
		columns->heads[i] = row.head;
	}
	coder_put_all(recorder->coder, columns->heads, columns->messages, count, columns->codes);
}

static void put_rows(struct recorder *recorder, const struct csv_row *rows, size_t count, const struct columns *columns)
{
	struct store_entry *entries = recorder->queue.items + recorder->queue.count;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		entries[kept] = (struct store_entry){
			.time = columns->times[i],
			.offset = recorder->base + rows[i].offset,
			.line = rows[i].line,
			.size = (uint32_t)rows[i].raw.size,
			.kind = columns->codes[i],
		};
		kept += columns->codes[i] != CODER_NONE;
	}
	recorder->queue.count += kept;
	recorder->pending.lost += count - kept;
}

static void on_rows(void *context, const struct csv_row *rows, size_t count)
{
	struct recorder *recorder = context;
	struct columns columns = { 0 };

	if (!entries_reserve(&recorder->queue, count)) {
		recorder->pending.lost += count;
		return;
	}
	if (recorder->lane != NULL)
		csv_lane_use(recorder->lane, recorder->coder);
	read_rows(recorder, rows, count, &columns);
	put_rows(recorder, rows, count, &columns);
	recorder->given += count;
	for (size_t i = count; i-- > 0;)
		if (columns.times[i] != TIMESTAMP_NONE) {
			recorder->last_time = columns.times[i];
			break;
		}
}

static bool line_joins(void *context, struct slice first, struct slice previous, struct slice line)
{
	const struct recorder *recorder = context;

	return parser_joins(recorder->parser, first, previous, line);
}

int recorder_begin(struct recorder *recorder, uint64_t position, uint64_t line)
{
	struct parser *parser = recorder->parser;
	bool is_csv = format_is_csv(parser_format(parser));

	if (is_csv && !csv_prepare(parser))
		return ERROR_MEMORY;
	free(recorder->lane); /* it knows other columns, perhaps */
	recorder->lane = NULL;
	recorder->last_time = TIMESTAMP_NONE;
	if (is_csv && csv_lane_fits(&parser->columns))
		recorder->lane = calloc(1, sizeof(*recorder->lane)); /* without it goes slower */
	framer_init(&recorder->framer, is_csv, position, line, on_frame, recorder);
	framer_set_rows(&recorder->framer, on_rows);
	if (parser_can_join(parser))
		framer_set_joins(&recorder->framer, line_joins);
	return 0;
}

void recorder_stop(struct recorder *recorder)
{
	framer_release(&recorder->framer);
	recorder->framer = (struct framer){ 0 };
}

void recorder_release(struct recorder *recorder)
{
	framer_release(&recorder->framer);
	parser_destroy(recorder->parser);
	entries_release(&recorder->queue);
	free(recorder->lane);
	*recorder = (struct recorder){ 0 };
}

void recorder_feed(struct recorder *recorder, struct slice bytes)
{
	uint64_t line = recorder->framer.line;

	if (framer_feed(&recorder->framer, bytes) != 0)
		recorder->pending.lost++;
	recorder->pending.bytes += bytes.size;
	recorder->pending.lines += recorder->framer.line - line;
}
