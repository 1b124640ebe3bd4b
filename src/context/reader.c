#include "context/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAXIMUM 65536
#define BOM "\xEF\xBB\xBF"

struct context_file *reader_file(struct context_reader *reader)
{
	return reader->file == SIZE_MAX ? &reader->own : vector_at(&reader->context->files, reader->file);
}

/* Names come from outside and notices go to the screen. */
static void make_plain(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

void reader_bad(struct context_reader *reader, uint64_t line, const char *format, ...)
{
	struct context_file *file = reader_file(reader);
	char sentence[160];
	va_list arguments;

	if (file->bad++ > 0)
		return;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	snprintf(file->notice, sizeof(file->notice), "line %llu: %s", (unsigned long long)line, sentence);
	make_plain(file->notice);
}

void reader_fail(struct context_reader *reader, const char *reason)
{
	struct context_file *file = reader_file(reader);

	file->failed = true;
	snprintf(file->notice, sizeof(file->notice), "%s", reason);
}

void reader_kept(struct context_reader *reader, uint64_t line, int result)
{
	if (result == 0)
		reader_file(reader)->rows++;
	else
		reader_bad(reader, line, "%s",
			result == ERROR_FULL ? "no room for more" : error_name((enum error_code)result));
}

bool reader_time(const struct context_reader *reader, struct slice text, int64_t *time)
{
	return timestamp_from_epoch(text, time) || timestamp_parse(text, &reader->zone, time);
}

/* --- the shapes ---- */

static void on_row(void *context, const struct csv_row *row)
{
	struct context_reader *reader = context;
	struct values values;

	if (reader->shape == SHAPE_WRONG) /* the rows behind a refused header: how they were cut decides what comes here */
		return;
	if (row->malformed) {
		reader_bad(reader, row->line, "a quote that is never closed, or too long a row");
		return;
	}
	if (!reader->has_header) {
		reader->has_header = true;
		roles_read_header(&reader->roles, row, reader->kind->traces);
		if (!reader->kind->fits(&reader->roles)) {
			reader_bad(reader, row->line, "the header must name %s", reader->kind->header);
			reader->shape = SHAPE_WRONG;
		}
		return;
	}
	values_from_row(&values, &reader->roles, row);
	reader->kind->put(reader, &values, row->line);
}

static void on_item(void *context, struct slice item, uint64_t line)
{
	struct context_reader *reader = context;
	struct json_document *document = json_parse(item);

	if (document == NULL)
		reader_bad(reader, line, "this is no sound JSON");
	else if (json_value_kind(json_root(document)) != JSON_OBJECT)
		reader_bad(reader, line, "a JSON object is expected here");
	else
		reader->kind->item(reader, json_root(document), line);
	json_document_free(document);
}

static void end_line(struct context_reader *reader)
{
	reader->line_number++;
	reader->kind->text(reader, buffer_slice(&reader->line), reader->line_number);
	buffer_clear(&reader->line);
}

static void feed_lines(struct context_reader *reader, struct slice bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		if (bytes.data[i] == '\n')
			end_line(reader);
		else
			buffer_append_byte(&reader->line, bytes.data[i]); /* what is too long is cut: no such name is */
	}
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* By the first byte that says something; what stood before it is counted in lines. */
static enum shape decide(struct context_reader *reader, char first)
{
	const struct kind_row *kind = reader->kind;
	bool json = first == '{' || first == '[';

	if (kind->text != NULL)
		return SHAPE_LINES;
	if (json && kind->item != NULL)
		return SHAPE_JSON;
	if (!json && kind->put != NULL) {
		reader->csv = csv_create(CONTEXT_ITEM_BYTES, reader->offset, reader->line_number + 1, on_row, reader);
		return reader->csv != NULL ? SHAPE_CSV : SHAPE_WRONG;
	}
	reader_bad(reader, reader->line_number + 1, "%s are not written like this", kind->name);
	return SHAPE_WRONG;
}

/* Leaves the byte-order mark and white space at the beginning. */
static struct slice begin(struct context_reader *reader, struct slice bytes)
{
	while (bytes.size > 0 && reader->shape == SHAPE_UNKNOWN) {
		bool mark = reader->offset < 3 && bytes.data[0] == BOM[reader->offset];

		if (!mark && !is_space(bytes.data[0])) {
			reader->shape = decide(reader, bytes.data[0]);
			reader->items.line = reader->line_number + 1;
			break;
		}
		reader->line_number += bytes.data[0] == '\n';
		reader->offset++;
		bytes = slice_from(bytes, 1);
	}
	return bytes;
}

struct context_reader *context_reader_create(
	struct context *context, enum context_kind kind, struct slice name, const struct zone *zone)
{
	const struct kind_row *row = reader_kind(kind);
	struct context_reader *reader = row != NULL ? calloc(1, sizeof(*reader)) : NULL;

	if (reader == NULL)
		return NULL;
	reader->context = context;
	reader->kind = row;
	if (zone != NULL)
		reader->zone = *zone;
	buffer_init(&reader->line, LINE_MAXIMUM);
	json_items_init(&reader->items, CONTEXT_ITEM_BYTES, on_item, reader);
	reader->file = vector_push(&context->files) != NULL ? context->files.count - 1 : SIZE_MAX;
	reader_file(reader)->kind = kind;
	context_text_copy(&context->text, name, &reader_file(reader)->name);
	return reader;
}

void context_reader_feed(struct context_reader *reader, struct slice bytes)
{
	bytes = begin(reader, bytes);
	switch (reader->shape) {
	case SHAPE_CSV:
		if (csv_feed(reader->csv, bytes) != 0) {
			reader_bad(reader, 0, "out of memory");
			reader->shape = SHAPE_WRONG;
		}
		break;
	case SHAPE_JSON:
		json_items_feed(&reader->items, bytes);
		break;
	case SHAPE_LINES:
		feed_lines(reader, bytes);
		break;
	case SHAPE_UNKNOWN:
	case SHAPE_WRONG:
		break;
	}
}

/* "line 17: ...; 3 such are left out". */
static void conclude(struct context_file *file)
{
	size_t used = strlen(file->notice);

	if (file->failed)
		return;
	if (file->bad > 1)
		snprintf(file->notice + used, sizeof(file->notice) - used, "; %llu are left out for this or the like",
			(unsigned long long)file->bad);
	if (file->rows == 0 && file->bad == 0)
		snprintf(file->notice, sizeof(file->notice), "there is nothing in it");
	file->failed = file->rows == 0 && file->bad > 0;
}

const struct context_file *context_reader_finish(struct context_reader *reader)
{
	struct context_file *file = reader->file == SIZE_MAX ? NULL : reader_file(reader);

	if (reader->csv != NULL && csv_finish(reader->csv) != 0)
		reader_bad(reader, 0, "out of memory");
	if (reader->shape == SHAPE_JSON)
		json_items_finish(&reader->items);
	if (reader->shape == SHAPE_LINES && reader->line.size > 0)
		end_line(reader);
	conclude(reader_file(reader));
	csv_destroy(reader->csv);
	json_items_release(&reader->items);
	buffer_release(&reader->line);
	free(reader);
	return file;
}
