/*
 * Reading on: bytes from where they are through the framer and the parser to the queue.
 */
#include <errno.h>
#include <unistd.h>

#include "ingest/source.h"

size_t source_waits(const struct source *source, struct pollfd waits[FEED_WAITS])
{
	return source->feed != NULL && !atomic_load(&source->closed) ? feed_waits(source->feed, waits) : 0;
}

/* --- streams ---------------------------------------------------------------------------------------------------- */

static void end_stream(struct source *source)
{
	struct error sentence = { 0 };
	int verdict = feed_verdict(source->feed, &sentence);

	if (verdict != 0 && source->spool.end == 0)
		source->now.state = INTAKE_FAILED;
	source->now.incomplete = verdict != 0;
	if (verdict != 0 || sentence.code != 0)
		source_note(source, sentence.text);
	source_let_go(source);
}

static void keep(struct source *source, struct slice bytes)
{
	if (spool_append(&source->spool, bytes) != 0) {
		source_note(source, "what was read could not be kept: the disk and memory are full");
		source->recorder.pending.lost++;
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
	struct error news;

	if (source->feed->is_cut || source->now.state == INTAKE_GONE)
		source->now.state = source->feed->is_cut ? INTAKE_GONE : INTAKE_READING;
	if (feed_take_news(source->feed, &news))
		source_note(source, news.text);
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
	parser = parser_create(sample, whole,
		source->rule.format != NULL ? source->rule.format : source->options->format, source->options->book,
		source->rule.has_zone ? &source->rule.zone : &source->options->zone, &fault);
	if (parser == NULL)
		return error_set(error, fault.code, "%s: %s", source->name, fault.text);
	date_parser(source, parser);
	pthread_mutex_lock(&source->lock);
	source->recorder.parser = parser;
	source->now.generation++;
	pthread_mutex_unlock(&source->lock);
	source->now.format = format_name(parser_format(parser));
	if (source->now.notice[0] == '\0')
		source_note(source, parser_notice(parser));
	source->position = parser_header_bytes(parser);
	source->recorder.pending.bytes += source->position;
	source->recorder.pending.lines += parser_header_lines(parser);
	source->recorder.pending.header += parser_header_lines(parser);
	source->recorder.base = source->now.base;
	if (recorder_begin(&source->recorder, source->position, 1 + parser_header_lines(parser)) != 0)
		return error_set(error, ERROR_MEMORY, "%s: out of memory", source->name);
	source_show(source);
	return 0;
}

bool source_finish_tail(struct source *source)
{
	bool has_line = source->recorder.parser != NULL && framer_is_pending(&source->recorder.framer);
	uint64_t line = source->recorder.parser != NULL ? source->recorder.framer.line : 0;

	if (!has_line && (source->recorder.parser == NULL || framer_held_lines(&source->recorder.framer) == 0))
		return false;
	source->recorder.pending.lines += has_line && framer_in_line(&source->recorder.framer);
	if (framer_finish(&source->recorder.framer) != 0)
		source->recorder.pending.lost++;
	source->recorder.pending.lines += source->recorder.framer.line - line;
	recorder_settle(&source->recorder, source->recorder.framer.line);
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
	parser_set_newest(source->recorder.parser, source->now.byte_at);
	pthread_mutex_unlock(&source->lock);
}

/* Nothing more is to be had, so a record that could have gone on is complete. Only where a trace has begun, and may be
   still being written, it waits for one more look. */
static bool release_held(struct source *source)
{
	size_t lines = framer_held_lines(&source->recorder.framer);
	bool follows = source->options->follow;
	bool was_seen = source->held_seen == source->position;

	source->held_seen = source->position;
	if (lines == 0 || (follows ? lines > 1 && !was_seen : source->feed != NULL))
		return false;
	framer_release_held(&source->recorder.framer);
	return framer_held_lines(&source->recorder.framer) == 0;
}

static bool read_on(struct source *source, char *chunk)
{
	struct error error = { 0 };
	int64_t got = source_read_at(source, chunk, source->share, source->position);

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
	recorder_feed(&source->recorder, (struct slice){ chunk, (size_t)got });
	return true;
}

/* With several workers, from the first record of a large file on. */
static void begin_ahead(struct source *source)
{
	struct stat status;

	source->may_read_ahead = false;
	if (source->now.limit == 0 && !source->is_member && fstat(source->fd, &status) == 0 && S_ISREG(status.st_mode))
		source->ahead = ahead_create(&source->recorder, source->fd, source->position,
			(uint64_t)status.st_size, source->options->workers, source->options->stretch);
}

static bool read_ahead(struct source *source)
{
	if (!ahead_take(source->ahead, &source->recorder, &source->position)) {
		ahead_destroy(source->ahead);
		source->ahead = NULL;
		return true;
	}
	note_bytes(source);
	source->at_end = false;
	source->now.state = INTAKE_READING;
	return true;
}

/* One step of reading. True when another may bring more. */
static bool advance(struct source *source, char *chunk)
{
	if (source->fd < 0 && !source_appear(source))
		return false;
	if (source->feed != NULL && source->position == source->spool.end)
		pump(source, chunk);
	if (source->recorder.parser == NULL)
		return begin_reading(source, chunk);
	if (source->may_read_ahead && source->ahead == NULL && source->options->workers > 1 &&
		source->position == parser_header_bytes(source->recorder.parser))
		begin_ahead(source);
	return source->ahead != NULL ? read_ahead(source) : read_on(source, chunk);
}

/* What the recorder has to know, and what it made of the bytes. */
static void begin_fill(struct source *source)
{
	source->recorder.stem = source->stem;
	source->recorder.code = source->code;
	source->recorder.given = 0;
}

static void end_fill(struct source *source)
{
	if (source->recorder.given > 0)
		source->now.line_at = source->now.byte_at;
	if (source->recorder.given > 0 && source->recorder.last_time != TIMESTAMP_NONE)
		source->now.line_time = source->recorder.last_time;
}

/* Nothing more is to be had now. */
static void settle(struct source *source)
{
	struct recorder *recorder = &source->recorder;

	if (recorder->parser != NULL && !framer_is_pending(&recorder->framer) &&
		framer_held_lines(&recorder->framer) == 0)
		recorder_settle(recorder, recorder->framer.line);
}

bool source_fill(struct source *source, char *chunk)
{
	if (entries_head(&source->recorder.queue) != NULL)
		return true;
	if (source->idle || source->now.state == INTAKE_FAILED || atomic_load(&source->closed))
		return false;
	if (source->collection != NULL || source->claimed) {
		source->idle = true;
		return false;
	}
	entries_clear(&source->recorder.queue);
	begin_fill(source);
	while (entries_head(&source->recorder.queue) == NULL) {
		if (!advance(source, chunk)) {
			source->idle = true;
			settle(source);
			break;
		}
		if (atomic_load(&source->closed))
			break;
	}
	end_fill(source);
	source_show(source);
	return entries_head(&source->recorder.queue) != NULL;
}

int64_t source_next_key(const struct source *source)
{
	const struct store_entry *head = entries_head(&source->recorder.queue);

	return head->time != TIMESTAMP_NONE ? head->time : source->key;
}
