/*
 * From mark to mark: a field begins behind a comma and ends before the next one, a row ends at a line end. Nothing but
 * the marks and the bytes beside them is looked at, except for blanks around fields.
 */
#include "base/csv_regular.h"

#include <string.h>

void csv_regular_init(struct csv_regular *regular, size_t maximum_row)
{
	regular->scan = csv_scan_best();
	buffer_init(&regular->undoubled, maximum_row);
	csv_regular_begin(regular, (struct slice){NULL, 0});
}

void csv_regular_release(struct csv_regular *regular)
{
	buffer_release(&regular->undoubled);
}

void csv_regular_begin(struct csv_regular *regular, struct slice window)
{
	regular->window = window;
	regular->begin = regular->end = regular->position = 0;
	regular->next = regular->count = 0;
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

/* --- marks ---- */

void csv_row_expand(struct csv_row *row, struct slice fields[CSV_MAXIMUM_FIELDS])
{
	for (size_t i = 0; i < row->count; i++) {
		struct slice cell = csv_row_cell(row, i);

		fields[i] = trim_blanks(cell.data, cell.data + cell.size);
	}
	row->fields = fields;
}

static void scan(struct csv_regular *regular, size_t from)
{
	size_t left = regular->window.size - from;
	size_t size = left < CSV_SCAN_BYTES ? left : CSV_SCAN_BYTES;

	regular->begin = regular->position = from;
	regular->end = from + size;
	regular->next = 0;
	regular->count = regular->scan(regular->window.data + from, size, regular->marks);
}

/* Makes `next` the first mark at or behind `position`. Usually it is; after an irregular row it is not. */
static void seek(struct csv_regular *regular, size_t position)
{
	size_t from = position - regular->begin;

	if (position < regular->begin || position >= regular->end) {
		scan(regular, position);
		return;
	}
	while (regular->next > 0 && regular->marks[regular->next - 1] >= from)
		regular->next--;
	while (regular->next < regular->count && regular->marks[regular->next] < from)
		regular->next++;
	regular->position = position;
}

/* --- fields ---- */

/* One row on its way through the marks; all positions are counted from the begin of the stretch. */
struct walk {
	const char *data;
	size_t size;          /* bytes up to the end of the window */
	size_t begin;         /* of the row */
	const uint32_t *mark; /* the next one */
	const uint32_t *last; /* behind the last one */
	uint64_t lines;
};

/* Goes behind the closing quote of a field that is open. */
static bool find_closing(struct walk *walk, size_t *close, bool *doubled)
{
	for (; walk->mark < walk->last; walk->mark++) {
		size_t at = *walk->mark;
		char byte = walk->data[at];
		char following = at + 1 < walk->size ? walk->data[at + 1] : '\0';

		if (byte == '"' && following != '"') {
			*close = at;
			walk->mark++;
			return true;
		}
		if (byte == '"') {
			*doubled = true;
			walk->mark++;
		}
		walk->lines += byte == '\n' || (byte == '\r' && following != '\n');
	}
	return false;
}

/* The field whose opening quote stands at `open`, up to the mark right behind its closing quote. */
static bool take_quoted(struct walk *walk, size_t open, struct slice *field, bool *doubled)
{
	size_t close;

	*doubled = false;
	walk->mark++;
	if (!find_closing(walk, &close, doubled) || walk->mark >= walk->last || *walk->mark != close + 1)
		return false;
	*field = (struct slice){walk->data + open + 1, close - open - 1};
	return true;
}

static void append_undoubled(struct buffer *out, struct slice field)
{
	size_t quote;

	while ((quote = slice_find_byte(field, '"')) != SIZE_MAX) {
		buffer_append_slice(out, slice_first(field, quote + 1));
		field = slice_from(field, quote + 2);
	}
	buffer_append_slice(out, field);
}

/* Makes doubled quotes single in the fields whose bits are set. The texts may move until the last one is there. */
static bool undouble(struct buffer *out, struct slice *fields, uint64_t set)
{
	const char *text;

	buffer_clear(out);
	for (uint64_t left = set; left != 0; left &= left - 1) {
		struct slice *field = &fields[__builtin_ctzll(left)];
		size_t before = out->size;

		append_undoubled(out, *field);
		field->size = out->size - before;
	}
	text = buffer_string(out);
	for (uint64_t left = set; left != 0; left &= left - 1) {
		struct slice *field = &fields[__builtin_ctzll(left)];

		field->data = text;
		text += field->size;
	}
	return out->failed == 0;
}

/* --- rows ---- */

/* A row as it was cut; positions are counted from the begin of the stretch. */
struct cut {
	size_t end;   /* without its line end */
	size_t next;  /* where the next row begins */
	size_t count; /* of its fields; 0 for a blank line */
	struct slice *fields;
	uint64_t doubled; /* a bit for each field with doubled quotes */
};

/* Of the line end at the next mark: where the next line begins. False when it cannot be told yet. */
static inline bool pass_line_end(struct walk *walk, size_t *next)
{
	size_t at = *walk->mark++;

	*next = at + 1;
	if (walk->data[at] == '\n')
		return true;
	if (*next == walk->size)
		return false;
	if (walk->data[*next] == '\n') {
		walk->mark += walk->mark < walk->last;
		++*next;
	}
	return true;
}

/* Splits the row that begins at `begin`. */
static inline bool split(struct walk *walk, size_t begin, struct cut *cut)
{
	bool quoted = false;
	size_t count = 0;

	for (; walk->mark < walk->last; walk->mark++) {
		size_t at = *walk->mark;
		struct slice field;

		if (walk->data[at] == '"') {
			bool has_doubled;

			if (at != begin || !take_quoted(walk, at, &field, &has_doubled))
				return false;
			at = *walk->mark;
			cut->doubled |= (uint64_t)(has_doubled && count < CSV_MAXIMUM_FIELDS) << (count & 63);
			quoted = true;
		} else {
			field = trim_blanks(walk->data + begin, walk->data + at);
		}
		if (count < CSV_MAXIMUM_FIELDS)
			cut->fields[count++] = field;
		if (walk->data[at] != ',') {
			cut->count = count == 1 && !quoted && field.size == 0 ? 0 : count;
			cut->end = at;
			return pass_line_end(walk, &cut->next);
		}
		begin = at + 1;
	}
	return false;
}

static inline void add_row(struct csv_rows *rows, const struct csv_place *place, const struct cut *cut,
	struct slice raw, uint64_t lines)
{
	rows->rows[rows->count++] = (struct csv_row){
		.fields = cut->fields,
		.count = cut->count,
		.raw = raw,
		.offset = place->offset,
		.line = place->line,
		.several = lines > 1,
	};
	rows->field_count += cut->count;
	rows->is_full |= rows->count == CSV_BATCH || rows->field_count > CSV_ROWS_FIELDS - CSV_MAXIMUM_FIELDS;
}

/* A row without quotes, of which `mark` is the line end. */
static inline void add_plain(struct csv_rows *rows, const struct csv_place *place, const struct walk *walk,
	const char *begin, const uint32_t *mark)
{
	size_t count = (size_t)(mark - walk->mark) + 1;
	struct slice raw = {begin, (size_t)(walk->data + *mark - begin)};

	if (count == 1 && trim_blanks(begin, begin + raw.size).size == 0)
		return;
	rows->rows[rows->count++] = (struct csv_row){
		.count = count < CSV_MAXIMUM_FIELDS ? count : CSV_MAXIMUM_FIELDS,
		.raw = raw,
		.base = walk->data,
		.marks = walk->mark,
		.offset = place->offset,
		.line = place->line,
	};
	rows->is_full |= rows->count == CSV_BATCH;
}

/* Plain rows, as many as there are. They are looked for here and not in `split` because nearly all rows are. */
static void take_plain(struct walk *walk, struct csv_place *place, size_t maximum_row, struct csv_rows *rows)
{
	const char *begin = walk->data + walk->begin;

	while (!rows->is_full) {
		const uint32_t *mark = walk->mark, *last = walk->last;
		size_t size, next;

		while (mark < last && walk->data[*mark] == ',')
			mark++;
		if (mark == last)
			return;
		next = *mark + (size_t)1;
		if (walk->data[*mark] != '\n') {
			if (walk->data[*mark] != '\r' || next >= walk->size || walk->data[next] != '\n' || mark + 1 == last)
				return;
			next++;
		}
		size = (size_t)(walk->data + *mark - begin);
		if (size > maximum_row)
			return;
		add_plain(rows, place, walk, begin, mark);
		size = next - walk->begin;
		walk->mark = mark + 1 + (walk->data[*mark] == '\r');
		walk->begin = next;
		begin = walk->data + next;
		place->position += size;
		place->offset += size;
		place->line++;
	}
}

/* The next row, with quotes. False when it is not regular. */
static bool take_row(
	struct csv_regular *regular, struct walk *walk, struct csv_place *place, size_t maximum_row, struct csv_rows *rows)
{
	struct cut cut = { .fields = rows->fields + rows->field_count };
	const uint32_t *mark = walk->mark;
	size_t begin = walk->begin;

	walk->lines = 1;
	if (!split(walk, begin, &cut) || cut.end - begin > maximum_row) {
		regular->ran_out = walk->mark >= walk->last;
		walk->mark = mark;
		return false;
	}
	if (cut.doubled != 0 && !undouble(&regular->undoubled, cut.fields, cut.doubled)) {
		walk->mark = mark;
		return false;
	}
	if (cut.count > 0)
		add_row(rows, place, &cut, (struct slice){walk->data + begin, cut.end - begin}, walk->lines);
	rows->is_full |= cut.doubled != 0; /* there is one place for such texts */
	walk->begin = cut.next;
	place->position += cut.next - begin;
	place->offset += cut.next - begin;
	place->line += walk->lines;
	return true;
}

/* Rows of the stretch that was scanned. */
static void take(struct csv_regular *regular, struct csv_place *place, size_t maximum_row, struct csv_rows *rows)
{
	struct walk walk = {
		.data = regular->window.data + regular->begin,
		.size = regular->window.size - regular->begin,
		.begin = place->position - regular->begin,
		.mark = regular->marks + regular->next,
		.last = regular->marks + regular->count,
	};

	do
		take_plain(&walk, place, maximum_row, rows);
	while (!rows->is_full && take_row(regular, &walk, place, maximum_row, rows));
	regular->next = (size_t)(walk.mark - regular->marks);
	regular->position = place->position;
}

void csv_regular_take(struct csv_regular *regular, struct csv_place *place, size_t maximum_row, struct csv_rows *rows)
{
	for (;;) {
		size_t begin = place->position;

		if (begin != regular->position || begin >= regular->end)
			seek(regular, begin);
		regular->ran_out = false;
		take(regular, place, maximum_row, rows);
		/* perhaps only the begin of the next row lies in the stretch */
		if (rows->is_full || !regular->ran_out || regular->begin == place->position ||
			regular->end == regular->window.size)
			return;
		if (rows->count > 0) { /* their marks would be written over */
			rows->is_full = true;
			return;
		}
		scan(regular, place->position);
	}
}
