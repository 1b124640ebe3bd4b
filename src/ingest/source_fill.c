/*
 * Reading on: bytes from where they are through the framer and the parser to the queue.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ingest/format_csv.h"
#include "ingest/source.h"

size_t source_waits(const struct source *source, struct pollfd waits[2])
{
	return source->feed != NULL && !atomic_load(&source->closed) ? feed_waits(source->feed, waits) : 0;
}

/* --- streams ---------------------------------------------------------------------------------------------------- */

static void end_stream(struct source *source)
{
	struct error sentence = { 0 };
	int verdict = feed_verdict(source->feed, &sentence);
	bool failed = verdict != 0;

	if (failed)
		source->now.state = INTAKE_FAILED;
	if (failed || sentence.code != 0)
		source_note(source, sentence.text);
	source_let_go(source);
}

static void keep(struct source *source, struct slice bytes)
{
	if (spool_append(&source->spool, bytes) != 0) {
		source_note(source, "what was read could not be kept: the disk and memory are full");
		source->pending.lost++;
		source_let_go(source);
	}
	pthread_mutex_lock(&source->lock);
	if (source->fd != source->spool.fd) {
		source->fd = source->spool.fd;
		source->now.generation++;
		source_note(source, "no room on disk: the last 64 MiB are kept in memory");
	} else if (source->now.limit != source->spool.limit) {
		source_note(source, "no room for more: texts of older lines give way to newer ones");
	}
	source->now.limit = source->spool.limit;
	source->now.end = source->now.size = source->spool.end;
	pthread_mutex_unlock(&source->lock);
}

/* Takes what a stream has now to its spool. */
static void pump(struct source *source, char *chunk)
{
	int64_t got = feed_read(source->feed, chunk, SOURCE_CHUNK);

	if (got > 0) {
		source->is_paused = false;
		if (feed_is_live(source->feed))
			source->now.byte_at = source_wall_clock();
		keep(source, (struct slice){ chunk, (size_t)got });
	} else if (got == FEED_PAUSED) {
		source->is_paused = true;
		source_note(source, "its writer has left: waiting for the next");
	} else if (got == FEED_ENDED) {
		end_stream(source);
	}
}

/* --- bytes to records ------------------------------------------------------------------------------------------- */

int64_t source_read_at(struct source *source, char *out, size_t size, uint64_t offset)
{
	ssize_t got;

	if (source->now.limit != 0)
		return spool_pread(source->fd, source->now.limit, source->spool.end, out, size, offset);
	if (source->is_member && size > source->member_size - offset)
		size = (size_t)(source->member_size - offset);
	do
		got = pread(source->fd, out, size, (off_t)(source->now.origin + offset));
	while (got < 0 && errno == EINTR);
	return got;
}

/* How many bytes of the raw text stand from the begin of `part` on; its size when it does not stand there. */
static inline size_t count_readable(struct slice raw, struct slice part)
{
	uintptr_t begin = (uintptr_t)raw.data, at = (uintptr_t)part.data;

	return at >= begin && at - begin < raw.size ? raw.size - (at - begin) : part.size;
}

static inline uint32_t put_head(struct source *source, struct slice raw, const struct row *row)
{
	struct store_kind kind = {
		.service = row->service,
		.level = row->level,
		.flags = row->flags,
		.source = source->code,
		.timeless = row->time == TIMESTAMP_NONE,
	};

	if (kind.service.size == 0)
		kind.service = slice_of(source->stem);
	return coder_put_head(source->coder, &kind, count_readable(raw, kind.service));
}

static void put(struct source *source, const struct frame *frame, const struct row *row)
{
	uint32_t code = coder_put(source->coder, put_head(source, frame->raw, row), row->message);
	struct store_entry *entry = code != CODER_NONE ? entries_push(&source->queue) : NULL;

	if (entry == NULL) {
		source->pending.lost++;
		return;
	}
	*entry = (struct store_entry){
		.time = row->time,
		.offset = source->now.base + frame->offset,
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
	struct source *source = context;
	struct row row;

	if (slice_trim(frame->raw).size == 0)
		return;
	parser_parse(source->parser, frame->raw, &row);
	if (frame->several)
		source->pending.joined += count_line_ends(frame->raw);
	if (frame->truncated)
		source->pending.truncated++;
	put(source, frame, &row);
	source->now.line_at = source->now.byte_at;
	if (row.time != TIMESTAMP_NONE)
		source->now.line_time = row.time;
}

/* What rows of a CSV say, column by column. */
struct columns {
	int64_t times[CSV_BATCH];
	struct slice messages[CSV_BATCH];
	uint32_t heads[CSV_BATCH];
	uint32_t codes[CSV_BATCH];
};

/* A row that is not usual, or the first of its kind. */
static void parse_row(struct source *source, const struct csv_row *row, struct csv_lane_row *out)
{
	struct row parsed;

	csv_parse_row(source->parser, row, &parsed);
	out->time = parsed.time;
	out->message = parsed.message;
	out->head = put_head(source, row->raw, &parsed);
	if (source->lane != NULL && parsed.flags == 0 && parsed.time != TIMESTAMP_NONE)
		csv_lane_learn(source->lane, source->parser, row, out->head);
	if (row->several)
		source->pending.joined += count_line_ends(row->raw);
	source->pending.truncated += row->malformed && row->raw.size >= RECORD_MAXIMUM;
}

static void read_rows(struct source *source, const struct csv_row *rows, size_t count, struct columns *columns)
{
	struct csv_lane *lane = source->lane;
	struct csv_lane_row row;

	for (size_t i = 0; i < count; i++) {
		if (lane == NULL || !csv_lane_read(lane, source->parser, &rows[i], &row))
			parse_row(source, &rows[i], &row);
		columns->times[i] = row.time;
		columns->messages[i] = row.message;
		columns->heads[i] = row.head;
	}
	coder_put_all(source->coder, columns->heads, columns->messages, count, columns->codes);
}

static void put_rows(struct source *source, const struct csv_row *rows, size_t count, const struct columns *columns)
{
	struct store_entry *entries = source->queue.items + source->queue.count;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		entries[kept] = (struct store_entry){
			.time = columns->times[i],
			.offset = source->now.base + rows[i].offset,
			.line = rows[i].line,
			.size = (uint32_t)rows[i].raw.size,
			.kind = columns->codes[i],
		};
		kept += columns->codes[i] != CODER_NONE;
	}
	source->queue.count += kept;
	source->pending.lost += count - kept;
}

static void on_rows(void *context, const struct csv_row *rows, size_t count)
{
	struct source *source = context;
	struct columns columns = { 0 };

	if (!entries_reserve(&source->queue, count)) {
		source->pending.lost += count;
		return;
	}
	if (source->lane != NULL)
		csv_lane_use(source->lane, source->coder);
	read_rows(source, rows, count, &columns);
	put_rows(source, rows, count, &columns);
	source->now.line_at = source->now.byte_at;
	for (size_t i = count; i-- > 0;)
		if (columns.times[i] != TIMESTAMP_NONE) {
			source->now.line_time = columns.times[i];
			break;
		}
}

static bool line_joins(void *context, struct slice first, struct slice previous, struct slice line)
{
	const struct source *source = context;

	return parser_joins(source->parser, first, previous, line);
}

/* When the file was last written, to date times that do not say their year. */
static void date_parser(struct source *source, struct parser *parser)
{
	struct stat status;
	bool is_plain = source->now.limit == 0 && !source->is_member;

	if ((is_plain ? fstat(source->fd, &status) : stat(source->name, &status)) == 0 && S_ISREG(status.st_mode))
		parser_set_newest(parser, status.st_mtim.tv_sec * TIMESTAMP_SECOND);
}

int source_begin(struct source *source, char *chunk, bool ended, struct error *error)
{
	int64_t got = source_read_at(source, chunk, FORMAT_SAMPLE_BYTES, 0);
	struct slice sample = { chunk, got > 0 ? (size_t)got : 0 };
	struct parser *parser;
	struct error fault = { 0 };
	bool whole;

	if (got < 0)
		return source_refuse(source, errno, error);
	whole = ended && sample.size < FORMAT_SAMPLE_BYTES;
	if (sample.size == 0 ||
		(!whole && sample.size < FORMAT_SAMPLE_BYTES && slice_find_byte(sample, '\n') == SIZE_MAX))
		return 1;
	parser = parser_create(sample, whole, source->options->format, &source->options->zone, &fault);
	if (parser == NULL)
		return error_set(error, fault.code, "%s: %s", source->name, fault.text);
	date_parser(source, parser);
	pthread_mutex_lock(&source->lock);
	source->parser = parser;
	source->now.generation++;
	pthread_mutex_unlock(&source->lock);
	source->now.format = format_name(parser_format(parser));
	if (source->now.notice[0] == '\0')
		source_note(source, parser_notice(parser));
	source->position = parser_header_bytes(parser);
	source->pending.bytes += source->position;
	source->pending.lines += parser_header_lines(parser);
	framer_init(&source->framer, format_is_csv(parser_format(parser)), source->position,
		1 + parser_header_lines(parser), on_frame, source);
	framer_set_rows(&source->framer, on_rows);
	if (source->lane == NULL && format_is_csv(parser_format(parser)) && csv_lane_fits(&parser->columns))
		source->lane = calloc(1, sizeof(*source->lane));
	if (parser_can_join(parser))
		framer_set_joins(&source->framer, line_joins);
	source_show(source);
	return 0;
}

bool source_finish_tail(struct source *source)
{
	bool has_line = source->parser != NULL && framer_is_pending(&source->framer);
	uint64_t line = source->parser != NULL ? source->framer.line : 0;

	if (!has_line && (source->parser == NULL || framer_held_lines(&source->framer) == 0))
		return false;
	source->pending.lines += has_line;
	if (framer_finish(&source->framer) != 0)
		source->pending.lost++;
	source->pending.lines += source->framer.line - line;
	return true;
}

/* At the end of what was spooled, or of a member. */
static bool examine_stream(struct source *source)
{
	if (source->feed != NULL && !source->is_paused)
		return false;
	if (source->feed == NULL && source->now.state != INTAKE_FAILED)
		source->now.state = INTAKE_ENDED;
	return source_finish_tail(source);
}

static bool examine(struct source *source)
{
	return source->now.limit != 0 || source->is_member ? examine_stream(source) : source_examine(source);
}

/* Nothing is known of the format yet. True when something is now. */
static bool begin_reading(struct source *source, char *chunk)
{
	bool is_file = source->now.limit == 0 && !source->is_member;
	struct error error = { 0 };
	struct stat status;
	bool ended = is_file ? !source->options->follow || source->is_final ||
			(fstat(source->fd, &status) == 0 && source_is_at_rest(&status))
			     : source->feed == NULL || source->is_paused;
	int result;

	if (!source_confirm(source))
		return true;
	result = source_begin(source, chunk, ended, &error);
	if (result < 0)
		source_fail(source, &error);
	return result == 0 || (result > 0 && examine(source));
}

static void note_bytes(struct source *source)
{
	int64_t before = source->now.byte_at;
	struct stat status;

	if (source->now.limit == 0 && !source->is_member && fstat(source->fd, &status) == 0)
		source->now.byte_at = status.st_mtim.tv_sec * TIMESTAMP_SECOND + status.st_mtim.tv_nsec;
	if (source->now.byte_at <= before)
		return;
	pthread_mutex_lock(&source->lock); /* the parser may be copied at this moment */
	parser_set_newest(source->parser, source->now.byte_at);
	pthread_mutex_unlock(&source->lock);
}

/* Nothing more is to be had, so a record that could have gone on is complete. Only where a trace has begun, and may be
   still being written, it waits for one more look. */
static bool release_held(struct source *source)
{
	size_t lines = framer_held_lines(&source->framer);
	bool follows = source->options->follow;
	bool was_seen = source->held_seen == source->position;

	source->held_seen = source->position;
	if (lines == 0 || (follows ? lines > 1 && !was_seen : source->feed != NULL))
		return false;
	framer_release_held(&source->framer);
	return framer_held_lines(&source->framer) == 0;
}

static bool read_on(struct source *source, char *chunk)
{
	struct error error = { 0 };
	int64_t got = source_read_at(source, chunk, source->share, source->position);
	uint64_t line = source->framer.line;

	if (got < 0) {
		source_refuse(source, errno, &error);
		if (source->has_path && source->options->follow)
			return source_lose(source, &error);
		source_fail(source, &error);
		return false;
	}
	if (got == 0)
		return release_held(source) || examine(source);
	if (!source_confirm(source))
		return true;
	note_bytes(source);
	source->at_end = false;
	source->now.state = INTAKE_READING;
	source->position += (uint64_t)got;
	if (framer_feed(&source->framer, (struct slice){ chunk, (size_t)got }) != 0)
		source->pending.lost++;
	source->pending.bytes += (uint64_t)got;
	source->pending.lines += source->framer.line - line;
	return true;
}

/* One step of reading. True when another may bring more. */
static bool advance(struct source *source, char *chunk)
{
	if (source->fd < 0 && !source_appear(source))
		return false;
	if (source->feed != NULL && source->position == source->spool.end)
		pump(source, chunk);
	return source->parser == NULL ? begin_reading(source, chunk) : read_on(source, chunk);
}

bool source_fill(struct source *source, char *chunk)
{
	if (entries_head(&source->queue) != NULL)
		return true;
	if (source->idle || source->now.state == INTAKE_FAILED || atomic_load(&source->closed))
		return false;
	if (source->collection != NULL) {
		source->idle = true;
		return false;
	}
	entries_clear(&source->queue);
	while (entries_head(&source->queue) == NULL) {
		if (!advance(source, chunk)) {
			source->idle = true;
			break;
		}
		if (atomic_load(&source->closed))
			break;
	}
	source_show(source);
	return entries_head(&source->queue) != NULL;
}

int64_t source_next_key(const struct source *source)
{
	const struct store_entry *head = entries_head(&source->queue);

	return head->time != TIMESTAMP_NONE ? head->time : source->key;
}
