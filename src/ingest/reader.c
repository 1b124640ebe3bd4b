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
	char *text; /* RECORD_MAXIMUM bytes */
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

/* Reads `size` bytes into the reader's text: 0, ERROR_ABSENT when they are no longer there, ERROR_SYSTEM. */
static int read_bytes(struct reader *reader, struct source *source, const struct place *place,
	const struct source_seen *seen, uint64_t offset, size_t size)
{
	size_t done = 0;

	if (seen->limit != 0) {
		struct source_seen after;

		if (spool_pread(place->fd, seen->limit, seen->end, reader->text, size, offset) != (int64_t)size)
			return ERROR_ABSENT;
		source_look(source, &after); /* the ring may have gone round meanwhile */
		return after.generation == seen->generation && offset + after.limit >= after.end ? 0 : ERROR_ABSENT;
	}
	while (done < size) {
		ssize_t got = pread(place->fd, reader->text + done, size - done, (off_t)(seen->origin + offset + done));

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

static int read_text(void *context, const struct record *record, struct store_text *text)
{
	struct reader *reader = context;
	struct source *source = reader->intake->by_code[record->source];
	size_t size = record->size < RECORD_MAXIMUM ? record->size : RECORD_MAXIMUM;
	struct source_seen seen;
	struct place *place;
	struct row row;
	int result;

	if (source == NULL)
		return give_gone(text);
	result = find_place(reader, source, &seen, &place);
	if (result == 0 && record->offset < seen.base)
		result = ERROR_ABSENT;
	if (result == 0)
		result = read_bytes(reader, source, place, &seen, record->offset - seen.base, size);
	if (result == ERROR_ABSENT)
		return give_gone(text);
	if (result != 0)
		return result;
	parser_parse(place->parser, (struct slice){ reader->text, size }, &row);
	text->raw = (struct slice){ reader->text, size };
	text->message = row.message;
	text->field_count = row.field_count;
	for (size_t i = 0; i < row.field_count; i++)
		text->fields[i] = row.fields[i];
	text->gone = false;
	return 0;
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
	reader->public = (struct store_reader){ .context = reader, .read = read_text };
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
	free(inside);
}
