/*
 * Rows of a CSV. Messages are often written without quotes: where the message is the last column, further commas
 * belong to it. A row that does not fit its header is kept whole, as text.
 */
#include "ingest/format_csv.h"

#include "ingest/time_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/csv_header.h"
#include "ingest/heads.h"
#include "ingest/format_rows.h"
#include "tocsin/base/buffer.h"

#define LEVELS_KNOWN 64 /* a power of two */

/* A level's name of 4 to 8 bytes, as its first four and its last four. */
struct known_level {
	uint64_t name;
	uint8_t size; /* 0: none is known here */
	uint8_t level;
};

/* What one parser keeps from row to row. */
struct csv_splitter {
	struct timestamp_memo times;
	struct known_level levels[LEVELS_KNOWN];

	struct csv *csv; /* NULL until a single record is parsed */
	struct buffer text;
	struct slice fields[CSV_MAXIMUM_FIELDS];
	struct csv_row row;
	uint64_t fed; /* where the next byte for `csv` stands */
	bool found;
};

/* --- rows ------------------------------------------------------------------------------------------------------ */

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

/* The message and all that follows it. A cell without quotes mostly points to where it stands in the row. */
static struct slice message_to_end(const struct csv_row *cells, size_t index)
{
	uintptr_t start = (uintptr_t)cells->fields[index].data, row = (uintptr_t)cells->raw.data;

	if (start > row && start - row <= cells->raw.size && cells->fields[index].data[-1] != '"')
		return slice_trim(slice_from(cells->raw, start - row));
	return raw_from_cell(cells->raw, index);
}

/* Blanks were trimmed already: few cells begin or end with any other white space. */
static inline struct slice cell(const struct csv_row *cells, int index)
{
	struct slice text;

	if (index < 0)
		return (struct slice){ 0 };
	text = csv_row_cell(cells, (size_t)index);
	if (text.size == 0 || ((unsigned char)text.data[0] > ' ' && (unsigned char)text.data[text.size - 1] > ' '))
		return text;
	return slice_trim(text);
}

/* Loghub and others split a time into a date and a clock; then the two cells are read as one. */
static bool read_time(const struct parser *parser, struct slice text, struct slice date, int64_t *time)
{
	const struct csv_columns *columns = &parser->columns;
	char joined[64];
	int size;

	*time = TIMESTAMP_NONE;
	if (columns->time < 0 || timestamp_parse_next(&parser->splitter->times, text, &parser->when.zone, time))
		return true;
	if (timestamp_from_epoch(text, time))
		return true;
	if (columns->date < 0 || columns->date == columns->time || date.size > 20 || text.size > 30)
		return false;
	size = snprintf(joined, sizeof(joined), "%.*sT%.*s", (int)date.size, date.data, (int)text.size, text.data);
	return timestamp_parse_next(
		&parser->splitter->times, (struct slice){ joined, (size_t)size }, &parser->when.zone, time);
}

/* Where the name is or will be known; NULL for sizes that are not. */
static struct known_level *find_known(struct csv_splitter *splitter, struct slice text, uint64_t *name)
{
	uint32_t first;
	uint32_t last;

	if (text.size < 4 || text.size > 8)
		return NULL;
	memcpy(&first, text.data, sizeof(first));
	memcpy(&last, text.data + text.size - sizeof(last), sizeof(last));
	*name = (uint64_t)first << 32 | last;
	return &splitter->levels[*name * UINT64_C(0x9E3779B97F4A7C15) >> 58 & (LEVELS_KNOWN - 1)];
}

static bool read_level(const struct parser *parser, struct slice text, enum level *level)
{
	uint64_t name = 0;
	struct known_level *known = find_known(parser->splitter, text, &name);

	*level = LEVEL_UNKNOWN;
	if (known != NULL && known->size == text.size && known->name == name) {
		*level = (enum level)known->level;
		return true;
	}
	if (text.size > 0 && !level_parse(text, level))
		return false;
	if (known != NULL)
		*known = (struct known_level){ name, (uint8_t)text.size, (uint8_t)*level };
	return true;
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

bool csv_has_glance(const struct parser *parser)
{
	const struct csv_columns *columns = &parser->columns;

	return columns->time >= 0 && columns->service >= 0 && columns->level >= 0 && columns->message > columns->time &&
		columns->message > columns->service && columns->message > columns->level &&
		(size_t)columns->message + 1 == columns->count;
}

/* A message with a blank beside it is the parser's. */
bool csv_glance(const struct parser *parser, const struct csv_row *cells, struct glance *out)
{
	const struct csv_columns *columns = &parser->columns;
	const char *message;

	if (cells->fields != NULL || cells->count < columns->count)
		return false;
	if (!timestamp_parse_next(&parser->splitter->times, csv_row_cell(cells, (size_t)columns->time),
		    &parser->when.zone, &out->time))
		return false;
	out->service = csv_row_cell(cells, (size_t)columns->service);
	out->level = csv_row_cell(cells, (size_t)columns->level);
	message = cells->base + cells->marks[columns->message - 1] + 1;
	out->message = (struct slice){ message, (size_t)(cells->raw.data + cells->raw.size - message) };
	return out->message.size > 0 && (unsigned char)message[0] > ' ' &&
		(unsigned char)message[out->message.size - 1] > ' ';
}

static void parse_fields(const struct parser *parser, const struct csv_row *cells, struct row *row)
{
	const struct csv_columns *columns = &parser->columns;

	row_unparsed(row, cells->raw);
	if (cells->malformed || !count_fits(columns, cells))
		return;
	row->service = cell(cells, columns->service);
	if (!read_time(parser, cell(cells, columns->time), cell(cells, columns->date), &row->time))
		return;
	if (!read_level(parser, cell(cells, columns->level), &row->level))
		return; /* an odd level does not take a row out of its time */
	row->flags = 0;
	if (columns->message >= 0 && cells->count > columns->count && (size_t)columns->message + 1 == columns->count)
		row->message = message_to_end(cells, (size_t)columns->message);
	else if (columns->message >= 0)
		row->message = cells->fields[columns->message];
}

void csv_parse_row(const struct parser *parser, const struct csv_row *cells, struct row *row)
{
	struct slice fields[CSV_MAXIMUM_FIELDS];
	struct csv_row expanded;

	if (cells->fields == NULL) {
		expanded = *cells;
		csv_row_expand(&expanded, fields);
		cells = &expanded;
	}
	parse_fields(parser, cells, row);
}

/* --- one record alone ------------------------------------------------------------------------------------------ */

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

static struct csv_splitter *make_splitter(struct parser *parser)
{
	if (parser->splitter == NULL) {
		parser->splitter = calloc(1, sizeof(*parser->splitter));
		if (parser->splitter != NULL)
			buffer_init(&parser->splitter->text, 2 * RECORD_MAXIMUM);
	}
	return parser->splitter;
}

bool csv_prepare(struct parser *parser)
{
	return make_splitter(parser) != NULL;
}

static struct csv_splitter *splitter_of(struct parser *parser)
{
	struct csv_splitter *splitter = make_splitter(parser);

	if (splitter == NULL)
		return NULL;
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
		/* a quote that is never closed (perhaps behind a row: the file may have changed): end it, and begin
		 * anew next time */
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
	if (row->flags == 0)
		add_fields(parser, &splitter->row, row);
}

/* The splitter is made here, before other threads can see the parser to copy it. */
static int begin(struct parser *parser, struct slice sample, struct error *error)
{
	int result = csv_begin(parser, sample, error);

	if (result == 0 && make_splitter(parser) == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	return result;
}

const struct format format_csv = {
	.name = "csv",
	.summary = "comma-separated rows: timestamp,service,level,message under any usual names and in any order",
	.csv = true,
	.whole = true,
	.wording = WORDING_CSV,
	.fit = csv_fit,
	.begin = begin,
	.parse = csv_parse,
};
