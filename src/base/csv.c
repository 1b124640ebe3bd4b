/*
 * Most rows are regular and whole in the caller's bytes: csv_regular cuts their fields out in place. Any other row,
 * also one that a chunk cuts, goes line by line from where it began. With a quote in it it goes through libcsv, one
 * physical line at a time, so that the line after which libcsv reports the row is known exactly: a row can end only
 * where a line ends. At the begin of a row libcsv is in its first state, so all rows are read as if it had read the
 * whole.
 *
 * Bytes of a row that a chunk cuts wait in `pending`; all positions of a row are relative to where it began, so that it
 * does not matter whether it is read there or in the chunk itself.
 *
 * Rejecting a row goes back to its second line, and a hostile file could make that happen at every line. It stays
 * linear because at a line end inside an open row there is only one state, "in quotes": if the rejected row was still
 * open at `barren`, then every later row that is open at a line end before `barren` is open there too, and is continued
 * there at once. Should such a row be completed after all, libcsv reads it once more, whole.
 */
#include "tocsin/base/csv.h"

#include "base/csv_regular.h"
#include "tocsin/base/buffer.h"
#include "tocsin/base/error.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define CELL_BLOCK 4096

struct csv {
	struct csv_parser parser;
	csv_row_fn on_row;
	csv_rows_fn on_rows; /* NULL: one by one, to on_row */
	void *context;
	size_t maximum;
	int failed;

	uint64_t offset; /* of the row being read */
	uint64_t line;
	size_t line_start;  /* where its current physical line begins */
	size_t searched;    /* no line end lies between line_start and here */
	size_t first_size;  /* of its first physical line, when open */
	size_t first_next;  /* where its second physical line begins, when open */
	bool open;          /* its first line ended inside quotes */
	bool gap;           /* libcsv has not seen all of it */
	bool skipping;      /* not a row: the rest of a line that was too long */
	uint64_t barren;    /* offset of a line start: whoever is open before it is open there */
	uint64_t feed_from; /* no line feed lies from here ... */
	uint64_t feed_to;   /* ... to before here, as offsets */

	struct buffer pending;
	size_t head; /* bytes of `pending` that are done with */

	bool ended;          /* libcsv has reported the end of the row */
	struct buffer cells; /* the fields that libcsv has given, one behind the other */
	size_t count;
	struct slice fields[CSV_MAXIMUM_FIELDS];

	struct csv_regular regular;
	struct csv_rows rows; /* not given yet */
};

struct csv *csv_create(size_t maximum_row, uint64_t offset, uint64_t line, csv_row_fn on_row, void *context)
{
	struct csv *csv = calloc(1, sizeof(*csv));

	if (csv == NULL)
		return NULL;
	if (csv_init(&csv->parser, 0) != 0) {
		free(csv);
		return NULL;
	}
	csv_set_blk_size(&csv->parser, CELL_BLOCK);
	csv->maximum = maximum_row == 0 ? 1 : maximum_row > SIZE_MAX / 8 ? SIZE_MAX / 8 : maximum_row;
	csv->offset = offset;
	csv->line = line;
	csv->on_row = on_row;
	csv->context = context;
	buffer_init(&csv->pending, 4 * csv->maximum + 64);
	buffer_init(&csv->cells, csv->maximum + 64);
	csv_regular_init(&csv->regular, csv->maximum);
	return csv;
}

void csv_destroy(struct csv *csv)
{
	if (csv == NULL)
		return;
	csv_free(&csv->parser);
	buffer_release(&csv->pending);
	buffer_release(&csv->cells);
	csv_regular_release(&csv->regular);
	free(csv);
}

void csv_use_portable(struct csv *csv)
{
	csv->regular.scan = csv_scan_portable;
}

void csv_give_batches(struct csv *csv, csv_rows_fn on_rows)
{
	csv->on_rows = on_rows;
}

bool csv_is_skipping(const struct csv *csv)
{
	return csv->skipping;
}

uint64_t csv_pending_line(const struct csv *csv)
{
	return csv->line;
}

uint64_t csv_pending_offset(const struct csv *csv)
{
	return csv->offset;
}

/* --- the ends of physical lines ---- */

/* The next line feed at or behind `from`, or the size of the window. What was searched once is remembered: a file
   without line feeds must not be searched anew for each of its lines. */
static size_t find_feed(struct csv *csv, struct slice window, size_t from)
{
	uint64_t absolute = csv->offset + from;
	const char *found;
	size_t start;

	if (absolute < csv->feed_from || absolute > csv->feed_to)
		csv->feed_from = csv->feed_to = absolute;
	start = (size_t)(csv->feed_to - csv->offset);
	found = start < window.size ? memchr(window.data + start, '\n', window.size - start) : NULL;
	start = found != NULL ? (size_t)(found - window.data) : window.size;
	csv->feed_to = csv->offset + start;
	return start;
}

/* The current line's text goes up to `*end`, the line after it begins at `*next`. False when the end is not in the
   window; a carriage return as its last byte is not taken for one before it is known whether a line feed follows. */
static bool find_line_end(struct csv *csv, struct slice window, bool final, size_t *end, size_t *next)
{
	size_t from = csv->searched;
	size_t feed = find_feed(csv, window, from);
	const char *found = feed > from ? memchr(window.data + from, '\r', feed - from) : NULL;

	if (found != NULL) {
		*end = (size_t)(found - window.data);
		*next = *end + 1;
		if (*next == window.size && !final) {
			csv->searched = *end;
			return false;
		}
		if (*next < window.size && window.data[*next] == '\n')
			(*next)++;
		return true;
	}
	if (feed < window.size) {
		*end = feed;
		*next = feed + 1;
		return true;
	}
	csv->searched = window.size;
	*end = *next = window.size;
	return final && csv->line_start < window.size;
}

static uint64_t count_lines(struct slice raw)
{
	uint64_t lines = 1;

	for (size_t i = 0; i < raw.size; i++)
		lines += raw.data[i] == '\n' || (raw.data[i] == '\r' && (i + 1 == raw.size || raw.data[i + 1] != '\n'));
	return lines;
}

/* --- rows ---- */

/* The reading goes on `size` bytes and `lines` lines further, at the begin of a row. */
static size_t advance(struct csv *csv, size_t size, uint64_t lines)
{
	csv->offset += size;
	csv->line += lines;
	csv->line_start = 0;
	csv->searched = 0;
	csv->open = false;
	csv->gap = false;
	return size;
}

static void give_rows(struct csv *csv)
{
	struct csv_rows *rows = &csv->rows;

	if (rows->count > 0 && csv->on_rows != NULL)
		csv->on_rows(csv->context, rows->rows, rows->count);
	for (size_t i = 0; i < rows->count && csv->on_rows == NULL; i++) {
		if (rows->rows[i].fields == NULL)
			csv_row_expand(&rows->rows[i], csv->fields);
		csv->on_row(csv->context, &rows->rows[i]);
	}
	rows->count = rows->field_count = 0;
	rows->is_full = false;
}

static void give(struct csv *csv, struct slice raw, bool several, bool malformed)
{
	csv->rows.rows[csv->rows.count++] = (struct csv_row){
		.fields = csv->fields,
		.count = malformed ? 0 : csv->count,
		.raw = raw,
		.offset = csv->offset,
		.line = csv->line,
		.several = several,
		.malformed = malformed,
	};

	give_rows(csv);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct slice trim_blanks(const char *data, const char *end)
{
	while (data < end && is_blank(*data))
		data++;
	while (end > data && is_blank(end[-1]))
		end--;
	return (struct slice){data, (size_t)(end - data)};
}

static size_t take_plain_row(struct csv *csv, struct slice window, size_t end, size_t next)
{
	const char *at = window.data;
	const char *stop = window.data + end;
	const char *comma = "";

	csv->count = 0;
	if (trim_blanks(at, stop).size == 0)
		return advance(csv, next, 1);
	while (comma != NULL && csv->count < CSV_MAXIMUM_FIELDS) {
		comma = at < stop ? memchr(at, ',', (size_t)(stop - at)) : NULL;
		csv->fields[csv->count++] = trim_blanks(at, comma != NULL ? comma : stop);
		at = comma != NULL ? comma + 1 : stop;
	}
	give(csv, slice_first(window, end), false, false);
	return advance(csv, next, 1);
}

static void on_cell(void *bytes, size_t size, void *context)
{
	struct csv *csv = context;

	if (csv->gap || csv->count == CSV_MAXIMUM_FIELDS)
		return;
	csv->fields[csv->count++].size = size; /* the cells may still move: take_quoted_row sets the pointers */
	if (size > 0 && buffer_append(&csv->cells, bytes, size) != 0)
		csv->failed = csv->cells.failed;
}

static void on_row_end(int byte, void *context)
{
	struct csv *csv = context;

	(void)byte;
	csv->ended = true;
}

/* Gives libcsv the bytes of whole lines; a last line without an end gets one, or libcsv would wait for it. */
static void parse(struct csv *csv, struct slice window, size_t from, size_t end, size_t next)
{
	csv->ended = false;
	if (csv_parse(&csv->parser, window.data + from, next - from, on_cell, on_row_end, csv) != next - from ||
		(end == next && csv_parse(&csv->parser, "\n", 1, on_cell, on_row_end, csv) != 1))
		csv->failed = ERROR_MEMORY;
}

static void forget_cells(struct csv *csv)
{
	csv->count = 0;
	buffer_clear(&csv->cells);
}

static size_t take_quoted_row(struct csv *csv, struct slice window, size_t end, size_t next)
{
	struct slice raw = slice_first(window, end);
	const char *cell;

	if (csv->gap) {
		csv->gap = false;
		forget_cells(csv);
		parse(csv, window, 0, end, next);
	}
	if (csv->failed)
		return 0;
	cell = buffer_string(&csv->cells);
	for (size_t i = 0; i < csv->count; i++) {
		csv->fields[i].data = cell;
		cell += csv->fields[i].size;
	}
	give(csv, raw, csv->open, false);
	return advance(csv, next, csv->open ? count_lines(raw) : 1);
}

static size_t reject(struct csv *csv, struct slice window)
{
	if (!csv->open) {
		give(csv, slice_first(window, csv->maximum), false, true);
		csv->skipping = true;
		return advance(csv, csv->maximum, 0);
	}
	if (csv->barren < csv->offset + csv->line_start)
		csv->barren = csv->offset + csv->line_start;
	csv_fini(&csv->parser, NULL, NULL, NULL);
	give(csv, slice_first(window, csv->first_size), false, true);
	return advance(csv, csv->first_next, 1);
}

/* The line up to `next` has left the row open: go on behind it, or where nothing can end the row before. */
static void keep_open(struct csv *csv, size_t end, size_t next)
{
	if (!csv->open) {
		csv->open = true;
		csv->first_size = end;
		csv->first_next = next;
	}
	if (csv->barren > csv->offset + next) {
		csv->gap = true;
		next = (size_t)(csv->barren - csv->offset);
	}
	csv->line_start = csv->searched = next;
}

/* Reads on in the row with which the window begins. Returns how many bytes are done with, 0 when more are needed. */
static size_t take_row(struct csv *csv, struct slice window, bool final)
{
	size_t end;
	size_t next;

	give_rows(csv); /* before its fields are written */
	while (find_line_end(csv, window, final, &end, &next)) {
		if (csv->skipping) {
			csv->skipping = false;
			return advance(csv, next, 1);
		}
		if (end > csv->maximum)
			return reject(csv, window);
		if (!csv->open && (end == 0 || memchr(window.data, '"', end) == NULL))
			return take_plain_row(csv, window, end, next);
		if (!csv->open)
			forget_cells(csv);
		parse(csv, window, csv->line_start, end, next);
		if (csv->failed)
			return 0;
		if (csv->ended)
			return take_quoted_row(csv, window, end, next);
		keep_open(csv, end, next);
	}
	if (csv->skipping)
		return advance(csv, csv->searched, 0);
	if (csv->searched > csv->maximum || (final && csv->open))
		return reject(csv, window);
	return 0;
}

/* Whole regular rows from `position` on. Returns how many bytes are done with, 0 when there are none. */
static size_t take_regular_rows(struct csv *csv, size_t position)
{
	struct csv_place place = {position, csv->offset, csv->line};
	uint64_t lines;

	if (csv->open || csv->skipping || csv->searched > 0)
		return 0;
	csv_regular_take(&csv->regular, &place, csv->maximum, &csv->rows);
	lines = place.line - csv->line;
	if (csv->rows.is_full)
		give_rows(csv);
	return place.position > position ? advance(csv, place.position - position, lines) : 0;
}

/* Returns the size of a byte-order mark at the front, or 0; `*wait` when it cannot be told yet. */
static size_t skip_mark(struct csv *csv, struct slice window, bool final, bool *wait)
{
	static const char mark[] = {'\xEF', '\xBB', '\xBF'};
	size_t size = window.size < sizeof(mark) ? window.size : sizeof(mark);

	*wait = false;
	if (csv->offset != 0 || csv->searched != 0 || size == 0 || memcmp(window.data, mark, size) != 0)
		return 0;
	if (size == sizeof(mark))
		return advance(csv, size, 0);
	*wait = !final;
	return 0;
}

/* Hands over every row that the window completes; returns how many bytes are done with. */
static size_t take_rows(struct csv *csv, struct slice window, bool final)
{
	bool wait;
	size_t position = skip_mark(csv, window, final, &wait);
	size_t taken = 1;

	csv_regular_begin(&csv->regular, window);
	while (!wait && position < window.size && taken > 0 && !csv->failed) {
		taken = take_regular_rows(csv, position);
		if (taken == 0)
			taken = take_row(csv, slice_from(window, position), final);
		position += taken;
	}
	give_rows(csv); /* they stand in the window */
	return position;
}

/* --- feeding ---- */

static void take_pending(struct csv *csv, bool final)
{
	csv->head += take_rows(csv, slice_from(buffer_slice(&csv->pending), csv->head), final);
	if (csv->head == csv->pending.size) {
		buffer_clear(&csv->pending);
		csv->head = 0;
	}
}

static void keep_pending(struct csv *csv, struct slice bytes)
{
	size_t alive = csv->pending.size - csv->head;

	/* Moving down only when less is moved than was read keeps the whole linear. */
	if (csv->head > alive) {
		memmove(csv->pending.data, csv->pending.data + csv->head, alive);
		buffer_truncate(&csv->pending, alive);
		csv->head = 0;
	}
	if (buffer_append_slice(&csv->pending, bytes) != 0)
		csv->failed = csv->pending.failed;
}

int csv_feed(struct csv *csv, struct slice bytes)
{
	/* A row begun by an earlier chunk is completed in `pending` line by line, to be back in the chunk soon. */
	while (csv->pending.size > 0 && bytes.size > 0 && !csv->failed) {
		struct slice piece = slice_first(bytes, csv->maximum + 1);
		const char *feed = memchr(piece.data, '\n', piece.size);

		if (feed != NULL)
			piece.size = (size_t)(feed - piece.data) + 1;
		keep_pending(csv, piece);
		bytes = slice_from(bytes, piece.size);
		take_pending(csv, false);
	}
	if (bytes.size > 0 && !csv->failed) {
		bytes = slice_from(bytes, take_rows(csv, bytes, false));
		if (bytes.size > 0 && !csv->failed)
			keep_pending(csv, bytes);
	}
	return csv->failed;
}

int csv_finish(struct csv *csv)
{
	if (!csv->failed)
		take_pending(csv, true);
	csv->skipping = false;
	return csv->failed;
}
