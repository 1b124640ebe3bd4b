/*
 * From the raw text of a record to its row. The first line makes the row; further lines go on with its message.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/format_table.h"
#include "ingest/seen.h"

void row_clear(struct row *row)
{
	row->time = TIMESTAMP_NONE;
	row->level = LEVEL_UNKNOWN;
	row->flags = 0;
	row->service = (struct slice){ 0 };
	row->message = (struct slice){ 0 };
	row->field_count = 0;
}

void row_unparsed(struct row *row, struct slice raw)
{
	row_clear(row);
	row->flags = RECORD_UNPARSED;
	row->message = raw;
}

void row_add_field(struct row *row, struct slice name, struct slice value)
{
	if (row->field_count < STORE_MAXIMUM_FIELDS)
		row->fields[row->field_count++] = (struct store_field){ name, value };
}

char *scratch_room(struct scratch *scratch, size_t size)
{
	if (size > scratch->size || scratch->data == NULL) {
		size_t wanted = size < 4096 ? 4096 : size + size / 2;

		free(scratch->data);
		scratch->data = malloc(wanted);
		scratch->size = scratch->data != NULL ? wanted : 0;
	}
	return scratch->data;
}

void scratch_release(struct scratch *scratch)
{
	free(scratch->data);
	*scratch = (struct scratch){ 0 };
}

static size_t put(char *out, size_t at, struct slice text)
{
	if (text.size > 0)
		memcpy(out + at, text.data, text.size);
	return at + text.size;
}

/* Puts the message together from its first line and what the others have to say. */
static void join_lines(struct parser *parser, struct slice first, struct slice rest, struct row *row)
{
	const struct format *format = parser->format;
	char *out = scratch_room(&parser->joined, row->message.size + 1 + rest.size + 1);
	struct slice line;
	size_t size;

	if (out == NULL)
		return; /* the first line has to do */
	size = put(out, 0, row->message);
	while (format_next_line(&rest, &line)) {
		out[size++] = '\n';
		size = put(out, size, format->strip != NULL ? format->strip(first, line) : line);
	}
	row->message = (struct slice){ out, size };
}

void parser_parse(struct parser *parser, struct slice raw, struct row *row)
{
	const struct format *format = parser->format;
	size_t newline = format->whole ? SIZE_MAX : slice_find_byte(raw, '\n');
	struct slice rest = raw;
	struct slice first;

	if (newline == SIZE_MAX) {
		format->parse(parser, raw, row);
		return;
	}
	format_next_line(&rest, &first);
	format->parse(parser, first, row);
	/* mostly the message ends where the line does, and what follows stands behind it already */
	if (format->strip == NULL && first.size == newline && row->message.size > 0 &&
		row->message.data + row->message.size == first.data + first.size &&
		slice_find_byte(rest, '\r') == SIZE_MAX)
		row->message.size += raw.size - newline;
	else
		join_lines(parser, first, rest, row);
}

bool parser_glance_time(struct parser *parser, struct slice text, int64_t *time)
{
	if (parser->seen == NULL)
		parser->seen = calloc(1, sizeof(*parser->seen));
	return parser->seen != NULL && timestamp_parse_next(&parser->seen->times, text, &parser->when.zone, time);
}

bool parser_can_join(const struct parser *parser)
{
	return parser->format->joins != NULL;
}

bool parser_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	return parser->format->joins(parser, first, previous, line);
}
