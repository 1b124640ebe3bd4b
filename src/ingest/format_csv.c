/*
 * Rows of a CSV. Messages are often written without quotes: where the message is the last column, further commas
 * belong to it. A row that does not fit its header is kept whole, as text.
 */
#include "ingest/format_csv.h"

#include <stdio.h>
#include <stdlib.h>

#include "ingest/csv_header.h"
#include "ingest/format_rows.h"
#include "tocsin/base/buffer.h"

/* The raw text from cell `index` to the end of the row. */
static struct slice raw_from_cell(struct slice raw, size_t index)
{
	bool quoted_cell = false;
	bool quoted = false;
	bool at_start = true;
	size_t i = 0;

	for (; i < raw.size && index > 0; i++) {
		char byte = raw.data[i];

		if (byte == '"' && (at_start || quoted_cell)) {
			quoted_cell = true;
			quoted = !quoted;
			at_start = false;
		} else if (byte == ',' && !quoted) {
			index--;
			quoted_cell = false;
			at_start = true;
		} else if (byte != ' ') {
			at_start = false;
		}
	}
	return slice_trim(slice_from(raw, i));
}

static struct slice cell(const struct csv_row *cells, int index)
{
	return index >= 0 ? slice_trim(cells->fields[index]) : (struct slice){ 0 };
}

/* Loghub and others split a time into a date and a clock; then the two cells are read as one. */
static bool read_time(const struct parser *parser, const struct csv_row *cells, int64_t *time)
{
	const struct csv_columns *columns = &parser->columns;
	struct slice text = cell(cells, columns->time);
	struct slice date = cell(cells, columns->date);
	char joined[64];
	int size;

	*time = TIMESTAMP_NONE;
	if (columns->time < 0 || timestamp_parse(text, &parser->when.zone, time))
		return true;
	if (columns->date < 0 || columns->date == columns->time || date.size > 20 || text.size > 30)
		return false;
	size = snprintf(joined, sizeof(joined), "%.*sT%.*s", (int)date.size, date.data, (int)text.size, text.data);
	return timestamp_parse((struct slice){ joined, (size_t)size }, &parser->when.zone, time);
}

static bool read_level(const struct parser *parser, const struct csv_row *cells, enum level *level)
{
	struct slice text = cell(cells, parser->columns.level);

	*level = LEVEL_UNKNOWN;
	return text.size == 0 || level_parse(text, level);
}

static void add_fields(const struct parser *parser, const struct csv_row *cells, struct row *row)
{
	const struct csv_columns *columns = &parser->columns;

	for (size_t i = 0; i < columns->count; i++) {
		int index = (int)i;

		if (index != columns->time && index != columns->service && index != columns->level &&
			index != columns->message && columns->names[i][0] != '\0')
			row_add_field(row, slice_of(columns->names[i]), cells->fields[i]);
	}
}

/* Are there as many cells as columns, or more that belong to the message or are empty? */
static bool count_fits(const struct csv_columns *columns, const struct csv_row *cells)
{
	if (cells->count < columns->count)
		return false;
	if (columns->message >= 0 && (size_t)columns->message + 1 == columns->count)
		return true;
	for (size_t i = columns->count; i < cells->count; i++)
		if (cells->fields[i].size > 0)
			return false;
	return true;
}

void csv_parse_row(const struct parser *parser, const struct csv_row *cells, struct row *row)
{
	const struct csv_columns *columns = &parser->columns;

	row_unparsed(row, cells->raw);
	if (cells->malformed || !count_fits(columns, cells))
		return;
	row->service = cell(cells, columns->service);
	if (!read_time(parser, cells, &row->time) || !read_level(parser, cells, &row->level)) {
		row->time = TIMESTAMP_NONE;
		row->level = LEVEL_UNKNOWN;
		return;
	}
	row->flags = 0;
	if (columns->message >= 0 && cells->count > columns->count && (size_t)columns->message + 1 == columns->count)
		row->message = raw_from_cell(cells->raw, (size_t)columns->message);
	else if (columns->message >= 0)
		row->message = cells->fields[columns->message];
	add_fields(parser, cells, row);
}

/* --- one record alone ------------------------------------------------------------------------------------------ */

struct csv_splitter {
	struct csv *csv;
	struct buffer text;
	struct slice fields[CSV_MAXIMUM_FIELDS];
	struct csv_row row;
	uint64_t fed; /* where the next byte for `csv` stands */
	bool found;
};

void csv_splitter_destroy(struct csv_splitter *splitter)
{
	if (splitter == NULL)
		return;
	csv_destroy(splitter->csv);
	buffer_release(&splitter->text);
	free(splitter);
}

/* Keeps the first row: its cells are borrowed only until this returns. */
static void keep_row(void *context, const struct csv_row *row)
{
	struct csv_splitter *splitter = context;
	size_t start = 0;

	if (splitter->found)
		return;
	splitter->found = true;
	splitter->row = *row;
	splitter->row.fields = splitter->fields;
	buffer_clear(&splitter->text);
	for (size_t i = 0; i < row->count; i++)
		buffer_append_slice(&splitter->text, row->fields[i]);
	if (splitter->text.failed != 0) {
		splitter->row.malformed = true;
		return;
	}
	for (size_t i = 0; i < row->count; i++) {
		splitter->fields[i] = (struct slice){ splitter->text.data + start, row->fields[i].size };
		start += row->fields[i].size;
	}
}

static struct csv_splitter *splitter_of(struct parser *parser)
{
	struct csv_splitter *splitter = parser->splitter;

	if (splitter == NULL) {
		splitter = calloc(1, sizeof(*splitter));
		if (splitter == NULL)
			return NULL;
		buffer_init(&splitter->text, 2 * RECORD_MAXIMUM);
		parser->splitter = splitter;
	}
	if (splitter->csv == NULL) {
		/* not at offset 0: there a byte-order mark would be skipped, and a record's own bytes are never one */
		splitter->fed = 1;
		splitter->csv = csv_create(RECORD_MAXIMUM, splitter->fed, 1, keep_row, splitter);
	}
	splitter->found = false;
	return splitter->csv != NULL ? splitter : NULL;
}

static void csv_parse(struct parser *parser, struct slice raw, struct row *row)
{
	struct csv_splitter *splitter = splitter_of(parser);

	if (splitter == NULL || csv_feed(splitter->csv, raw) != 0 || csv_feed(splitter->csv, slice_of("\n")) != 0) {
		row_unparsed(row, raw);
		return;
	}
	splitter->fed += raw.size + 1;
	if (csv_pending_offset(splitter->csv) != splitter->fed) {
		/* a quote that is never closed (perhaps behind a row: the file may have changed): end it, and begin anew next time */
		csv_finish(splitter->csv);
		csv_destroy(splitter->csv);
		splitter->csv = NULL;
	}
	if (!splitter->found || splitter->row.malformed) {
		row_unparsed(row, raw);
		return;
	}
	splitter->row.raw = raw;
	csv_parse_row(parser, &splitter->row, row);
}

const struct format format_csv = {
	.name = "csv",
	.summary = "comma-separated rows: timestamp,service,level,message under any usual names and in any order",
	.csv = true,
	.whole = true,
	.fit = csv_fit,
	.begin = csv_begin,
	.parse = csv_parse,
};
