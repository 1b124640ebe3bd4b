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

/* --- columns ------------------------------------------------------------------------------------------------------ */

/* Up to `end` there are lines of records, so many, and blank ones between them. */
static void account(struct recorder *recorder, uint64_t end, uint64_t lines)
{
	if (end > recorder->next_line + lines)
		recorder->pending.blank += end - recorder->next_line - lines;
	recorder->next_line = end;
}

/* All that is in the columns goes to the queue. */
static void flush(struct recorder *recorder)
{
	struct columns *columns = &recorder->columns;
	uint32_t codes[SIGNATURE_BATCH] = { 0 };
	size_t count = columns->count, kept = 0;
	struct store_entry *entries;

	columns->count = 0;
	recorder->given += count;
	if (count == 0)
		return;
	account(recorder, columns->entries[count - 1].line + 1 + recorder->tail, count + recorder->further);
	recorder->further = 0;
	if (!entries_reserve(&recorder->queue, count)) {
		recorder->pending.lost += count;
		return;
	}
	coder_put_all(recorder->coder, columns->heads, columns->messages, count, codes);
	entries = recorder->queue.items + recorder->queue.count;
	for (size_t i = 0; i < count; i++) {
		entries[kept] = columns->entries[i];
		entries[kept].kind = codes[i];
		kept += codes[i] != CODER_NONE;
	}
	recorder->queue.count += kept;
	recorder->pending.lost += count - kept;
}

/* Where it stands and when it was. */
struct place {
	struct slice raw;
	uint64_t offset;
	uint64_t line;
	uint64_t further; /* physical lines */
};

static inline void put(
	struct recorder *recorder, const struct place *place, int64_t time, uint32_t head, struct slice message)
{
	struct columns *columns = &recorder->columns;
	size_t at = columns->count++;

	if (time != TIMESTAMP_NONE)
		time += recorder->shift;
	recorder->further += place->further;
	recorder->tail = place->further;
	columns->heads[at] = head;
	columns->messages[at] = message;
	columns->entries[at] = (struct store_entry){
		.time = time,
		.offset = recorder->base + place->offset,
		.line = place->line,
		.size = (uint32_t)place->raw.size,
	};
	if (time != TIMESTAMP_NONE)
		recorder->last_time = time;
	if (columns->count == SIGNATURE_BATCH)
		flush(recorder);
}

static inline bool is_same(const struct glance *glance, const struct row *row)
{
	return row->flags == 0 && row->time == glance->time && glance->time != TIMESTAMP_NONE &&
		slice_equal(row->message, glance->message);
}

/* Whether a record belongs to the sample depends on nothing but the record and its place: any number of workers takes
   the same. */
static bool is_left_out(const struct recorder *recorder, const struct place *place, const struct row *row)
{
	uint64_t offset = recorder->base + place->offset;

	return !level_is_error(row->level) &&
		slice_hash((struct slice){ (const char *)&offset, sizeof(offset) }, 0) % recorder->sample != 0;
}

/* The parser has read the record. */
static void put_row(struct recorder *recorder, const struct place *place, const struct row *row,
	const struct glance *glance, const struct heads_key *key)
{
	uint32_t head;

	if (recorder->sample > 1 && is_left_out(recorder, place, row)) {
		flush(recorder);
		account(recorder, place->line + 1 + place->further, 1 + place->further);
		recorder->pending.sampled++;
		return;
	}
	head = put_head(recorder, place->raw, row);
	if (glance != NULL && is_same(glance, row) && head != CODER_NONE)
		heads_learn(recorder->heads, key, head);
	put(recorder, place, row->time, head, row->message);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static uint64_t count_line_ends(struct slice raw)
{
	uint64_t count = 0;
	size_t at;

	for (; (at = slice_find_byte(raw, '\n')) != SIZE_MAX; count++)
		raw = slice_from(raw, at + 1);
	return count;
}

/* Can the message wait in the columns, or is it where it will be written over? */
static inline bool is_fed(const struct recorder *recorder, struct slice raw)
{
	return (uintptr_t)raw.data - (uintptr_t)recorder->bytes.data < recorder->bytes.size;
}

static void on_frame(void *context, const struct frame *frame)
{
	struct recorder *recorder = context;
	const struct format *format = parser_format(recorder->parser);
	struct place place = { frame->raw, frame->offset, frame->line, 0 };
	struct glance glance;
	struct heads_key key;
	struct row row;
	bool is_usual = recorder->heads != NULL && !frame->several && !frame->truncated && is_fed(recorder, frame->raw) &&
		format->glance(recorder->parser, frame->raw, &glance) &&
		heads_make_key(glance.service, glance.level, frame->raw.data + frame->raw.size, &key);

	if (is_usual) {
		uint32_t head = heads_find(recorder->heads, &key);

		if (head != CODER_NONE) {
			put(recorder, &place, glance.time, head, glance.message);
			return;
		}
	} else if (slice_trim(frame->raw).size == 0) {
		return;
	}
	parser_parse(recorder->parser, frame->raw, &row);
	place.further = frame->several ? count_line_ends(frame->raw) : 0;
	recorder->pending.joined += place.further;
	recorder->pending.truncated += frame->truncated;
	put_row(recorder, &place, &row, is_usual ? &glance : NULL, &key);
	flush(recorder); /* the parser's texts last until it reads the next */
}

/* --- rows of a CSV ------------------------------------------------------------------------------------------------ */

static void on_row(struct recorder *recorder, const struct csv_row *cells)
{
	struct place place = { cells->raw, cells->offset, cells->line, 0 };
	struct glance glance;
	struct heads_key key;
	struct row row;
	bool is_usual = recorder->heads != NULL && csv_glance(recorder->parser, cells, &glance) &&
		heads_make_key(glance.service, glance.level, cells->raw.data + cells->raw.size, &key);

	if (is_usual) {
		uint32_t head = heads_find(recorder->heads, &key);

		if (head != CODER_NONE) {
			put(recorder, &place, glance.time, head, glance.message);
			return;
		}
	}
	csv_parse_row(recorder->parser, cells, &row);
	place.further = cells->several ? count_line_ends(cells->raw) : 0;
	recorder->pending.joined += place.further;
	recorder->pending.truncated += cells->malformed && cells->raw.size >= RECORD_MAXIMUM;
	put_row(recorder, &place, &row, is_usual ? &glance : NULL, &key);
}

static void on_rows(void *context, const struct csv_row *rows, size_t count)
{
	struct recorder *recorder = context;

	for (size_t i = 0; i < count; i++)
		on_row(recorder, &rows[i]);
	flush(recorder); /* they last no longer */
}

/* --- feeding ------------------------------------------------------------------------------------------------------ */

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
	free(recorder->heads); /* another format, perhaps */
	recorder->heads = NULL;
	recorder->last_time = TIMESTAMP_NONE;
	recorder->next_line = line;
	recorder->further = recorder->tail = 0;
	/* what a sample leaves out is told by the level, which a glance does not give */
	if (recorder->sample < 2 && (is_csv ? csv_has_glance(parser) : parser_format(parser)->glance != NULL))
		recorder->heads = calloc(1, sizeof(*recorder->heads)); /* without it goes slower */
	framer_init(&recorder->framer, is_csv, position, line, on_frame, recorder);
	framer_set_rows(&recorder->framer, on_rows);
	if (parser_can_join(parser))
		framer_set_joins(&recorder->framer, line_joins);
	return 0;
}

void recorder_settle(struct recorder *recorder, uint64_t line)
{
	flush(recorder);
	account(recorder, line, 0);
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
	free(recorder->heads);
	*recorder = (struct recorder){ 0 };
}

void recorder_feed(struct recorder *recorder, struct slice bytes)
{
	uint64_t line = recorder->framer.line;

	recorder->bytes = bytes;
	if (framer_feed(&recorder->framer, bytes) != 0)
		recorder->pending.lost++;
	flush(recorder);
	recorder->bytes = (struct slice){ 0 };
	recorder->pending.bytes += bytes.size;
	recorder->pending.lines += recorder->framer.line - line;
}
