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

/* --- marks ---- */

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
	const uint32_t *mark; /* the next one */
	const uint32_t *last; /* behind the last one */
	uint64_t lines;
};

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

/* Of the line end at the next mark: where the next line begins. False when it cannot be told yet. */
static bool pass_line_end(struct walk *walk, size_t *next)
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

/* Splits the row that begins at `begin`; `*doubled` gets a bit for each field with doubled quotes. */
static bool split(struct walk *walk, size_t begin, struct csv_cut *cut, uint64_t *doubled)
{
	bool blank = true;
	size_t count = 0;

	for (; walk->mark < walk->last; walk->mark++) {
		size_t at = *walk->mark;
		struct slice field;

		if (walk->data[at] == '"') {
			bool has_doubled;

			if (at != begin || !take_quoted(walk, at, &field, &has_doubled))
				return false;
			at = *walk->mark;
			*doubled |= (uint64_t)(has_doubled && count < CSV_MAXIMUM_FIELDS) << (count & 63);
			blank = false;
		} else {
			field = trim_blanks(walk->data + begin, walk->data + at);
			blank &= field.size == 0;
		}
		if (count < CSV_MAXIMUM_FIELDS)
			cut->fields[count++] = field;
		if (walk->data[at] != ',') {
			cut->count = blank ? 0 : count;
			cut->end = at;
			return pass_line_end(walk, &cut->next);
		}
		blank = false;
		begin = at + 1;
	}
	return false;
}

static bool take(struct csv_regular *regular, size_t position, struct csv_cut *cut)
{
	struct walk walk = {
		.data = regular->window.data + regular->begin,
		.size = regular->window.size - regular->begin,
		.mark = regular->marks + regular->next,
		.last = regular->marks + regular->count,
		.lines = 1,
	};
	uint64_t doubled = 0;

	if (!split(&walk, position - regular->begin, cut, &doubled)) {
		regular->ran_out = walk.mark >= walk.last;
		return false;
	}
	cut->end += regular->begin;
	cut->next += regular->begin;
	cut->lines = walk.lines;
	regular->next = (size_t)(walk.mark - regular->marks);
	regular->position = cut->next;
	return doubled == 0 || undouble(&regular->undoubled, cut->fields, doubled);
}

bool csv_regular_take(struct csv_regular *regular, size_t position, struct csv_cut *cut)
{
	if (position != regular->position || position >= regular->end)
		seek(regular, position);
	if (take(regular, position, cut))
		return true;
	/* perhaps only its begin lies in the stretch */
	if (!regular->ran_out || regular->begin == position || regular->end == regular->window.size)
		return false;
	scan(regular, position);
	return take(regular, position, cut);
}
