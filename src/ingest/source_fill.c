/*
 * Reading on: bytes from where they are through the framer and the parser to the queue; and at the end, what became of
 * the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ingest/format_csv.h"
#include "ingest/source.h"

#define REST_SECONDS 1 /* an unfinished last line in a file left alone for longer is taken as it is */

bool source_is_streaming(const struct source *source)
{
	return source->stream >= 0 && !atomic_load(&source->closed);
}

static void end_stream(struct source *source)
{
	close(source->stream);
	source->stream = -1;
}

/* Takes what a stream has now to its spool. */
static void pump(struct source *source, char *chunk)
{
	struct pollfd ready = { .fd = source->stream, .events = POLLIN };
	ssize_t got;

	if (poll(&ready, 1, 0) <= 0)
		return;
	got = read(source->stream, chunk, SOURCE_CHUNK);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		end_stream(source);
		return;
	}
	if (spool_append(&source->spool, (struct slice){ chunk, (size_t)got }) != 0) {
		source_note(source, "what was read could not be kept: the disk and memory are full");
		source->pending.lost++;
		end_stream(source);
	}
	pthread_mutex_lock(&source->lock);
	if (source->fd != source->spool.fd) {
		source->fd = source->spool.fd;
		source->now.generation++;
		source_note(source, "no room on disk: the last 64 MiB are kept in memory");
	} else if (source->now.limit != source->spool.limit) {
		source_note(source, "the disk is full: texts of older lines give way to newer ones");
	}
	source->now.limit = source->spool.limit;
	source->now.end = source->now.size = source->spool.end;
	pthread_mutex_unlock(&source->lock);
}

static int64_t read_at(struct source *source, char *out, size_t size, uint64_t offset)
{
	ssize_t got;

	if (source->now.limit != 0)
		return spool_pread(source->fd, source->now.limit, source->spool.end, out, size, offset);
	do
		got = pread(source->fd, out, size, (off_t)offset);
	while (got < 0 && errno == EINTR);
	return got;
}

static void on_frame(void *context, const struct frame *frame)
{
	struct source *source = context;
	struct entry entry;
	struct row row;

	if (frame->row == NULL && slice_trim(frame->raw).size == 0)
		return;
	if (frame->row != NULL)
		csv_parse_row(source->parser, frame->row, &row);
	else
		parser_parse(source->parser, frame->raw, &row);
	for (struct slice rest = frame->raw; frame->row != NULL;) {
		size_t newline = slice_find_byte(rest, '\n');

		if (newline == SIZE_MAX)
			break;
		source->pending.joined++;
		rest = slice_from(rest, newline + 1);
	}
	if (frame->truncated)
		source->pending.truncated++;
	entry = (struct entry){
		.time = row.time,
		.offset = source->now.base + frame->offset,
		.line = frame->line,
		.size = (uint32_t)frame->raw.size,
		.source = source->code,
		.level = (uint8_t)row.level,
		.flags = row.flags,
	};
	if (entries_add(&source->queue, &entry, row.service, row.message) != 0)
		source->pending.lost++;
}

int source_begin(struct source *source, char *chunk, bool ended, struct error *error)
{
	int64_t got = read_at(source, chunk, FORMAT_SAMPLE_BYTES, 0);
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
	source_show(source);
	return 0;
}

/* The file's beginning is read anew, from `fd` (which may be the same). */
static void start_over(struct source *source, int fd, const char *sentence)
{
	pthread_mutex_lock(&source->lock);
	if (source->fd != fd)
		close(source->fd);
	source->fd = fd;
	parser_destroy(source->parser);
	source->parser = NULL;
	source->now.base += source->position;
	source->now.generation++;
	source->position = 0;
	pthread_mutex_unlock(&source->lock);
	framer_release(&source->framer);
	source->framer = (struct framer){ 0 };
	source->tail_seen = 0;
	source_note(source, sentence);
	source_show(source);
}

/* Was it last written a while ago? Clocks of file servers may be ahead of ours; then nobody can know, and waiting would
 * not end. */
static bool is_at_rest(const struct stat *status)
{
	struct timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	return wall.tv_sec < status->st_mtime || wall.tv_sec - status->st_mtime > REST_SECONDS;
}

/* Is the unfinished last record to be taken as it is? While a file is followed, only when it was left alone for a
 * while. */
static bool tail_is_settled(struct source *source, const struct stat *status)
{
	bool unchanged = source->tail_seen == source->position;

	source->tail_seen = source->position;
	return !source->options->follow || (unchanged && is_at_rest(status));
}

static void finish_tail(struct source *source)
{
	if (source->parser == NULL || !framer_is_pending(&source->framer))
		return;
	source->pending.lines++;
	if (framer_finish(&source->framer) != 0)
		source->pending.lost++;
}

/* Another file stands at the path: the old one was read to its end, so go on with the new. */
static bool follow_replacement(struct source *source)
{
	struct stat status;
	int fd = open(source->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		if (fd >= 0)
			close(fd);
		source->now.state = INTAKE_GONE;
		source_note(source, "replaced by something that cannot be read");
		return false;
	}
	source->device = status.st_dev;
	source->inode = status.st_ino;
	source->now.size = (uint64_t)status.st_size;
	start_over(source, fd, "replaced by a new file: reading that one");
	return true;
}

/* At the end of a file: what happened to it? True when there is something to do now. */
static bool examine_file(struct source *source)
{
	struct stat here;
	struct stat named;
	bool was_gone = source->now.state == INTAKE_GONE;
	bool was_truncated;

	if (fstat(source->fd, &here) != 0)
		return false;
	/* files of /proc and /sys have a size that says nothing: neither may be read round and round */
	was_truncated = (uint64_t)here.st_size < source->position && (uint64_t)here.st_size < source->now.size;
	source->now.size = (uint64_t)here.st_size;
	if (was_truncated) {
		start_over(source, source->fd, "truncated: reading it from the beginning again");
		return true;
	}
	if (source->now.size > source->position && source->parser != NULL && source->retried != source->position) {
		source->retried = source->position;
		return true; /* it grew since the last read */
	}
	if (source->parser != NULL && framer_is_pending(&source->framer) && tail_is_settled(source, &here)) {
		finish_tail(source);
		return true;
	}
	source->now.state = INTAKE_ENDED;
	if (!source->has_path)
		return false;
	if (stat(source->name, &named) != 0) {
		source->now.state = INTAKE_GONE;
		source_note(source, "the file is gone: its records stay, and it is looked for again");
		return false;
	}
	if (named.st_dev == source->device && named.st_ino == source->inode) {
		if (was_gone)
			source_note(source, "");
		return false;
	}
	if (source->parser != NULL && framer_is_pending(&source->framer)) {
		finish_tail(source);
		return true;
	}
	return follow_replacement(source);
}

/* At the end of what was spooled. */
static bool examine_stream(struct source *source)
{
	if (source->stream >= 0)
		return false;
	source->now.state = INTAKE_ENDED;
	if (source->parser == NULL || !framer_is_pending(&source->framer))
		return false;
	finish_tail(source);
	return true;
}

/* One step of reading. True when another may bring more. */
static bool advance(struct source *source, char *chunk)
{
	bool is_stream = source->now.limit != 0;
	struct error error = { 0 };
	uint64_t line;
	int64_t got;

	if (source->stream >= 0 && source->position == source->spool.end)
		pump(source, chunk);
	if (source->parser == NULL) {
		struct stat status;
		bool at_rest = fstat(source->fd, &status) == 0 && is_at_rest(&status);
		bool ended = is_stream ? source->stream < 0 : !source->options->follow || at_rest;
		int result = source_begin(source, chunk, ended, &error);

		if (result < 0) {
			source_fail(source, &error);
			return false;
		}
		if (result == 0)
			return true;
		return is_stream ? examine_stream(source) : examine_file(source);
	}
	got = read_at(source, chunk, SOURCE_CHUNK, source->position);
	if (got < 0) {
		source_refuse(source, errno, &error);
		source_fail(source, &error);
		return false;
	}
	if (got == 0)
		return is_stream ? examine_stream(source) : examine_file(source);
	source->now.state = INTAKE_READING;
	line = source->framer.line;
	source->position += (uint64_t)got;
	if (framer_feed(&source->framer, (struct slice){ chunk, (size_t)got }) != 0)
		source->pending.lost++;
	source->pending.bytes += (uint64_t)got;
	source->pending.lines += source->framer.line - line;
	return true;
}

bool source_fill(struct source *source, char *chunk)
{
	if (entries_head(&source->queue) != NULL)
		return true;
	if (source->idle || source->now.state == INTAKE_FAILED || atomic_load(&source->closed))
		return false;
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
	const struct entry *head = entries_head(&source->queue);

	return head->time != TIMESTAMP_NONE ? head->time : source->key;
}
