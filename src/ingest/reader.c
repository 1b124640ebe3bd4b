/*
 * Texts read back from where they still are.
 *
 * A reader belongs to one thread. It keeps a few descriptors and parsers of its own, and asks a source before every
 * read whether they are still the right ones: a file that was truncated or replaced has a new generation.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ingest/intake_inside.h"

#define READER_PLACES 16

struct place {
	struct source *source; /* NULL: free */
	uint64_t generation;
	int fd;
	struct parser *parser;
	uint64_t used; /* tick of the last use: the oldest gives way */
};

struct reader {
	struct store_reader public;
	struct intake *intake;
	struct place places[READER_PLACES];
	uint64_t tick;
	char *text;          /* RECORD_MAXIMUM bytes */
	char *block;         /* STORE_BYTES_MAXIMUM bytes, made when they are needed */
	struct place *shown; /* the place that `block` was read from */
};

static int give_gone(struct store_text *text)
{
	static const char words[] = "(the source no longer holds this text)";

	*text = (struct store_text){ .raw = slice_of(words), .message = slice_of(words), .gone = true };
	return 0;
}

static void leave(struct place *place)
{
	if (place->source == NULL)
		return;
	close(place->fd);
	parser_destroy(place->parser);
	*place = (struct place){ 0 };
}

/* The place of a source as it is now; `seen` is brought up to date. */
static int find_place(struct reader *reader, struct source *source, struct source_seen *seen, struct place **found)
{
	struct place *oldest = &reader->places[0];
	struct place *place = NULL;
	int result;

	source_look(source, seen);
	for (size_t i = 0; i < READER_PLACES; i++) {
		struct place *candidate = &reader->places[i];

		if (candidate->source == source)
			place = candidate;
		if (candidate->used < oldest->used)
			oldest = candidate;
	}
	if (place == NULL || place->generation != seen->generation) {
		if (place == NULL)
			place = oldest;
		leave(place);
		result = source_borrow(source, seen, &place->fd, &place->parser);
		if (result != 0)
			return result;
		place->source = source;
		place->generation = seen->generation;
	}
	place->used = ++reader->tick;
	*found = place;
	return 0;
}

/* Reads `size` bytes to `out`: 0, ERROR_ABSENT when they are no longer there, ERROR_SYSTEM. */
static int read_bytes(struct source *source, const struct place *place, const struct source_seen *seen, char *out,
	uint64_t offset, size_t size)
{
	size_t done = 0;

	if (seen->limit != 0) {
		struct source_seen after;

		if (spool_pread(place->fd, seen->limit, seen->end, out, size, offset) != (int64_t)size)
			return ERROR_ABSENT;
		source_look(source, &after); /* the ring may have gone round meanwhile */
		return after.generation == seen->generation && offset + after.limit >= after.end ? 0 : ERROR_ABSENT;
	}
	while (done < size) {
		ssize_t got = pread(place->fd, out + done, size - done, (off_t)(seen->origin + offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERROR_SYSTEM;
		if (got == 0)
			return ERROR_ABSENT;
		done += (size_t)got;
	}
	return 0;
}

/* The same from a source by its code, at an offset as records have it. */
static int read_at(struct reader *reader, uint16_t code, char *out, uint64_t offset, size_t size, struct place **place)
{
	struct source *source = reader->intake->by_code[code];
	struct source_seen seen;
	int result;

	if (source == NULL)
		return ERROR_ABSENT;
	result = find_place(reader, source, &seen, place);
	if (result == 0 && offset < seen.base)
		result = ERROR_ABSENT;
	return result == 0 ? read_bytes(source, *place, &seen, out, offset - seen.base, size) : result;
}

static void parse(const struct place *place, struct slice raw, struct store_text *text)
{
	struct row row;

	parser_parse(place->parser, raw, &row);
	text->raw = raw;
	text->message = row.message;
	text->field_count = row.field_count;
	for (size_t i = 0; i < row.field_count; i++)
		text->fields[i] = row.fields[i];
	text->gone = false;
}

static int read_text(void *context, const struct record *record, struct store_text *text)
{
	struct reader *reader = context;
	size_t size = record->size < RECORD_MAXIMUM ? record->size : RECORD_MAXIMUM;
	struct place *place;
	int result = read_at(reader, record->source, reader->text, record->offset, size, &place);

	if (result == ERROR_ABSENT)
		return give_gone(text);
	if (result == 0)
		parse(place, (struct slice){ reader->text, size }, text);
	return result;
}

static int read_block(void *context, uint16_t source, uint64_t offset, size_t size, struct slice *bytes,
	enum store_wording *wording)
{
	struct reader *reader = context;
	int result;

	if (reader->block == NULL)
		reader->block = malloc(STORE_BYTES_MAXIMUM);
	if (reader->block == NULL || size > STORE_BYTES_MAXIMUM)
		return ERROR_MEMORY;
	result = read_at(reader, source, reader->block, offset, size, &reader->shown);
	if (result != 0)
		return result;
	*bytes = (struct slice){ reader->block, size };
	*wording = parser_format(reader->shown->parser)->wording;
	return 0;
}

static void parse_from_block(void *context, struct slice raw, struct store_text *text)
{
	const struct reader *reader = context;

	parse(reader->shown, raw, text);
}

struct store_reader *intake_reader_create(struct intake *intake)
{
	struct reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->text = malloc(RECORD_MAXIMUM);
	if (reader->text == NULL) {
		free(reader);
		return NULL;
	}
	reader->intake = intake;
	reader->public = (struct store_reader){
		.context = reader, .read = read_text, .bytes = read_block, .parse = parse_from_block
	};
	return &reader->public;
}

void intake_reader_destroy(struct store_reader *reader)
{
	struct reader *inside;

	if (reader == NULL)
		return;
	inside = reader->context;
	for (size_t i = 0; i < READER_PLACES; i++)
		leave(&inside->places[i]);
	free(inside->text);
	free(inside->block);
	free(inside);
}
