/*
 * What each text must give is written as a transcript: one line a row, "offset line fields". The same transcript is
 * demanded for every way to cut the text, and, on random texts, of a plain reference made of libcsv alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/buffer.h"
#include "tocsin/base/csv.h"

#define LARGE 100000

struct reading {
	struct buffer transcript;
	const char *text; /* when given, `raw` must be the bytes at `offset` */
	bool portable;
	bool batches; /* several rows at a time */
};

static void write_bytes(struct buffer *out, struct slice bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		unsigned char byte = (unsigned char)bytes.data[i];

		if (byte < ' ' || byte > '~')
			buffer_append_format(out, "\\%02x", byte);
		else
			buffer_append_byte(out, (char)byte);
	}
}

static void on_row(void *context, const struct csv_row *row)
{
	struct reading *reading = context;

	if (reading->text != NULL)
		assert_memory_equal(row->raw.data, reading->text + row->offset, row->raw.size);
	buffer_append_format(
		&reading->transcript, "%llu %llu ", (unsigned long long)row->offset, (unsigned long long)row->line);
	if (row->malformed) {
		assert_int_equal(row->count, 0);
		buffer_append_string(&reading->transcript, "bad:");
		write_bytes(&reading->transcript, row->raw);
	}
	for (size_t i = 0; i < row->count; i++) {
		buffer_append_byte(&reading->transcript, '[');
		write_bytes(&reading->transcript, row->fields[i]);
		buffer_append_byte(&reading->transcript, ']');
	}
	buffer_append_byte(&reading->transcript, '\n');
}

static void on_rows(void *context, const struct csv_row *rows, size_t count)
{
	assert_true(count > 0 && count <= CSV_BATCH);
	for (size_t i = 0; i < count; i++) {
		struct slice fields[CSV_MAXIMUM_FIELDS];
		struct csv_row row = rows[i];

		if (row.fields == NULL && !row.malformed)
			csv_row_expand(&row, fields);
		on_row(context, &row);
	}
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Reads `text` in pieces: all at once (0), of one byte (1), or of random sizes up to `most`. Every piece is given
   from a block of its own size, so that reading beyond it is seen. */
static void read_pieces(struct reading *reading, struct slice text, size_t maximum, size_t most, uint32_t *seed)
{
	struct csv *csv = csv_create(maximum, 0, 1, on_row, reading);

	assert_non_null(csv);
	if (reading->portable)
		csv_use_portable(csv);
	if (reading->batches)
		csv_give_batches(csv, on_rows);
	reading->text = text.data;
	buffer_init(&reading->transcript, 1 << 24);
	while (text.size > 0) {
		size_t size = most == 0 ? text.size : most == 1 ? 1 : 1 + next_random(seed) % most;
		struct slice piece = slice_first(text, size);
		char *copy = malloc(piece.size);

		assert_non_null(copy);
		memcpy(copy, piece.data, piece.size);
		assert_int_equal(csv_feed(csv, (struct slice){copy, piece.size}), 0);
		free(copy);
		text = slice_from(text, piece.size);
	}
	assert_int_equal(csv_finish(csv), 0);
	csv_destroy(csv);
}

static void assert_rows(struct slice text, size_t maximum, const char *expected, uint32_t *seed)
{
	static const size_t most[] = {0, 1, 3, 17, 200};

	for (size_t i = 0; i < 4 * sizeof(most) / sizeof(most[0]); i++) {
		struct reading reading = {.portable = i % 2 == 1, .batches = i % 4 >= 2};

		read_pieces(&reading, text, maximum, most[i / 4], seed);
		assert_string_equal(buffer_string(&reading.transcript), expected);
		buffer_release(&reading.transcript);
	}
}

struct example {
	const char *text;
	size_t size; /* 0: strlen */
	size_t maximum;
	const char *expected;
};

static void assert_examples(const struct example *examples, size_t count)
{
	uint32_t seed = 2463534242u;

	for (size_t i = 0; i < count; i++) {
		struct slice text = {examples[i].text, examples[i].size};

		if (text.size == 0)
			text.size = strlen(text.data);
		assert_rows(text, examples[i].maximum, examples[i].expected, &seed);
	}
}

#define ASSERT_EXAMPLES(table) assert_examples(table, sizeof(table) / sizeof((table)[0]))

static void csv__gives_rows_with_their_place__when_text_is_sound(void **state)
{
	static const struct example examples[] = {
		{"a,b\nc,d\n", 0, LARGE, "0 1 [a][b]\n4 2 [c][d]\n"},
		{"a,b\nc,d", 0, LARGE, "0 1 [a][b]\n4 2 [c][d]\n"},
		{"a,b\r\nc,d\r\n", 0, LARGE, "0 1 [a][b]\n5 2 [c][d]\n"},
		{"a,b\rc,d\r", 0, LARGE, "0 1 [a][b]\n4 2 [c][d]\n"},
		{"a\r\n\rb\n\rc", 0, LARGE, "0 1 [a]\n4 3 [b]\n7 5 [c]\n"},
		{"\xEF\xBB\xBFtime,level\n1,2\n", 0, LARGE, "3 1 [time][level]\n14 2 [1][2]\n"},
		{"\xEF\xBB", 0, LARGE, "0 1 [\\ef\\bb]\n"},
		{"x\n\xEF\xBB\xBFy\n", 0, LARGE, "0 1 [x]\n2 2 [\\ef\\bb\\bfy]\n"},
		{"\n\n  \t\r\na\n", 0, LARGE, "7 4 [a]\n"},
		{",\na,\n,,b\n", 0, LARGE, "0 1 [][]\n2 2 [a][]\n5 3 [][][b]\n"},
		{"  a b \t, c\n", 0, LARGE, "0 1 [a b][c]\n"},
		{"a\0b,\0\nc\n", 8, LARGE, "0 1 [a\\00b][\\00]\n6 2 [c]\n"},
		{"", 0, LARGE, ""},
	};

	(void)state;
	ASSERT_EXAMPLES(examples);
}

static void csv__unquotes_fields__when_they_are_quoted(void **state)
{
	static const struct example examples[] = {
		{"\"a,b\",c\n", 0, LARGE, "0 1 [a,b][c]\n"},
		{"\"say \"\"hi\"\"\",\"\"\n", 0, LARGE, "0 1 [say \"hi\"][]\n"},
		{"  \" a \"  ,b\n", 0, LARGE, "0 1 [ a ][b]\n"},
		{"1,\"x\ny\",2\n3\n", 0, LARGE, "0 1 [1][x\\0ay][2]\n10 3 [3]\n"},
		{"1,\"x\r\n\r\ny\"\r\n3\r\n", 0, LARGE, "0 1 [1][x\\0d\\0a\\0d\\0ay]\n12 4 [3]\n"},
		{"1,\"x\ry\"\r3\r", 0, LARGE, "0 1 [1][x\\0dy]\n8 3 [3]\n"},
		{"\"a\"\n\"b\"", 0, LARGE, "0 1 [a]\n4 2 [b]\n"},
		{"5 o\" pipe,a\"b\"\nc\n", 0, LARGE, "0 1 [5 o\" pipe][a\"b\"]\n15 2 [c]\n"},
		{"\"a\"b,c\nd\",e\nf\n", 0, LARGE, "0 1 [a\"b,c\\0ad][e]\n12 3 [f]\n"},
		{"\"\0\n\0\"\n", 6, LARGE, "0 1 [\\00\\0a\\00]\n"},
	};

	(void)state;
	ASSERT_EXAMPLES(examples);
}

static void csv__rejects_only_the_first_line__when_a_quote_is_never_closed(void **state)
{
	static const struct example examples[] = {
		{"a\nb,\"c\nd\ne\n", 0, LARGE, "0 1 [a]\n2 2 bad:b,\"c\n7 3 [d]\n9 4 [e]\n"},
		{"\"a\n\"b\n\"c", 0, LARGE, "0 1 bad:\"a\n3 2 bad:\"b\n6 3 bad:\"c\n"},
		{"\"a\r\nb\r\n", 0, LARGE, "0 1 bad:\"a\n4 2 [b]\n"},
		{"\"a", 0, LARGE, "0 1 bad:\"a\n"},
		{"x,\"1\n2\n3\n4\n5\n6\",y\nz\n", 0, 8,
			"0 1 bad:x,\"1\n5 2 [2]\n7 3 [3]\n9 4 [4]\n11 5 [5]\n13 6 [6\"][y]\n18 7 [z]\n"},
		/* the second row is open where the first was given up, and is completed behind that place */
		{"\"a\n\"b\nc\nd\",e\nf\n", 0, 10, "0 1 bad:\"a\n3 2 [b\\0ac\\0ad][e]\n13 5 [f]\n"},
		{"\"12345\"\n", 0, 7, "0 1 [12345]\n"},
		{"\"12345\"\n", 0, 6, "0 1 bad:\"12345\n"},
	};

	(void)state;
	ASSERT_EXAMPLES(examples);
}

static void csv__cuts_the_line__when_it_is_longer_than_the_maximum(void **state)
{
	static const struct example examples[] = {
		{"a\n123456789\nb\n", 0, 8, "0 1 [a]\n2 2 bad:12345678\n12 3 [b]\n"},
		{"a\n12345678\r\nb\n", 0, 8, "0 1 [a]\n2 2 [12345678]\n12 3 [b]\n"},
		{"123456789\r\rb", 0, 8, "0 1 bad:12345678\n11 3 [b]\n"},
		{"1,\"3456789\",\"\nb\n", 0, 8, "0 1 bad:1,\"34567\n14 2 [b]\n"},
		{"123456789", 0, 8, "0 1 bad:12345678\n"},
	};

	(void)state;
	ASSERT_EXAMPLES(examples);
}

static void csv__keeps_64_fields__when_a_row_has_more(void **state)
{
	static const char *const ends[] = {"\n", ",\"\"\n"};

	(void)state;
	for (size_t e = 0; e < 2; e++) {
		struct buffer text, expected;
		uint32_t seed = 1;

		buffer_init(&text, LARGE);
		buffer_init(&expected, LARGE);
		buffer_append_string(&expected, "0 1 ");
		for (int i = 0; i < 70; i++)
			buffer_append_format(&text, "%s%d", i > 0 ? "," : "", i);
		for (int i = 0; i < CSV_MAXIMUM_FIELDS; i++)
			buffer_append_format(&expected, "[%d]", i);
		buffer_append_string(&text, ends[e]);
		buffer_append_string(&expected, "\n");
		assert_rows(buffer_slice(&text), LARGE, buffer_string(&expected), &seed);
		buffer_release(&text);
		buffer_release(&expected);
	}
}

/* --- a reference: for every row a fresh libcsv, given line after line; no shortcut of any kind ---- */

struct reference {
	struct slice fields[CSV_MAXIMUM_FIELDS];
	size_t count;
	size_t used;
	bool ended;
	char cells[LARGE];
};

static void on_reference_cell(void *bytes, size_t size, void *context)
{
	struct reference *reference = context;

	if (reference->count == CSV_MAXIMUM_FIELDS)
		return;
	assert_true(reference->used + size <= sizeof(reference->cells));
	memcpy(reference->cells + reference->used, bytes, size);
	reference->fields[reference->count++] = (struct slice){reference->cells + reference->used, size};
	reference->used += size;
}

static void on_reference_end(int byte, void *context)
{
	(void)byte;
	((struct reference *)context)->ended = true;
}

static size_t line_size(struct slice text, size_t *next)
{
	size_t end = 0;

	while (end < text.size && text.data[end] != '\n' && text.data[end] != '\r')
		end++;
	*next = end + (end < text.size);
	if (*next < text.size && text.data[end] == '\r' && text.data[*next] == '\n')
		++*next;
	return end;
}

/* One row off the front of `text`; returns the bytes taken, and the physical lines in `*lines`. */
static size_t take_reference_row(
	struct reference *reference, struct slice text, size_t maximum, struct csv_row *row, uint64_t *lines)
{
	struct csv_parser parser;
	size_t at = 0;
	size_t first_next;
	size_t first = line_size(text, &first_next);

	*lines = 0;
	reference->count = reference->used = 0;
	reference->ended = false;
	csv_init(&parser, 0);
	while (at < text.size && !reference->ended) {
		size_t next;
		size_t end = line_size(slice_from(text, at), &next);

		row->raw = slice_first(text, at + end);
		csv_parse(&parser, text.data + at, next, on_reference_cell, on_reference_end, reference);
		if (end == next)
			csv_parse(&parser, "\n", 1, on_reference_cell, on_reference_end, reference);
		at += next;
		++*lines;
		if (*lines == 1 && slice_trim(row->raw).size == 0 && memchr(row->raw.data, '\0', row->raw.size) == NULL)
			break; /* a blank line is no row for libcsv */
	}
	csv_free(&parser);
	row->malformed =
		row->raw.size > maximum || (!reference->ended && (*lines > 1 || slice_trim(row->raw).size > 0));
	row->fields = reference->fields;
	row->count = row->malformed ? 0 : reference->count;
	if (!row->malformed)
		return at;
	*lines = 1;
	row->raw = slice_first(text, first < maximum ? first : maximum);
	return first_next;
}

static void read_reference(struct reading *reading, struct slice text, size_t maximum)
{
	static struct reference reference;
	uint64_t line = 1;
	size_t at = 0;

	reading->text = text.data;
	buffer_init(&reading->transcript, 1 << 24);
	while (at < text.size) {
		struct csv_row row = {.offset = at, .line = line};
		uint64_t lines;

		at += take_reference_row(&reference, slice_from(text, at), maximum, &row, &lines);
		line += lines;
		if (row.malformed || row.count > 0)
			on_row(reading, &row);
	}
}

static void csv__agrees_with_libcsv__when_text_is_random(void **state)
{
	static const char letters[] = "ab,,\"\"\"\n\n\r \t";
	uint32_t seed = 88172645u;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[120];
		size_t size = next_random(&seed) % sizeof(text);
		size_t maximum = round % 3 == 0 ? LARGE : 1 + next_random(&seed) % 40;
		/* one round in four has many quotes, to be in the open much of the time */
		size_t kinds = round % 4 == 0 ? 8 : sizeof(letters); /* the last one is NUL */
		struct reading reference = {.portable = false};

		for (size_t i = 0; i < size; i++)
			text[i] = letters[next_random(&seed) % kinds];
		read_reference(&reference, (struct slice){text, size}, maximum);
		assert_rows((struct slice){text, size}, maximum, buffer_string(&reference.transcript), &seed);
		buffer_release(&reference.transcript);
	}
}

/* --- many records: a digest of the rows takes the place of the transcript ---- */

struct digest {
	uint64_t value;
	size_t rows;
};

static void add_to_digest(void *context, const struct csv_row *row)
{
	struct digest *digest = context;
	uint64_t place[] = {row->offset, row->line, row->raw.size, row->count, row->malformed};

	digest->rows++;
	digest->value = slice_hash((struct slice){(const char *)place, sizeof(place)}, digest->value);
	for (size_t i = 0; i < row->count; i++)
		digest->value = slice_hash(row->fields[i], digest->value + 1);
}

static void add_rows_to_digest(void *context, const struct csv_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice fields[CSV_MAXIMUM_FIELDS];
		struct csv_row row = rows[i];

		if (row.fields == NULL && !row.malformed)
			csv_row_expand(&row, fields);
		add_to_digest(context, &row);
	}
}

static struct digest digest_pieces(
	struct slice text, size_t maximum, size_t most, bool portable, bool batches, uint32_t *seed)
{
	struct digest digest = {0, 0};
	struct csv *csv = csv_create(maximum, 0, 1, add_to_digest, &digest);

	assert_non_null(csv);
	if (portable)
		csv_use_portable(csv);
	if (batches)
		csv_give_batches(csv, add_rows_to_digest);
	while (text.size > 0) {
		struct slice piece = slice_first(text, most == 0 ? text.size : 1 + next_random(seed) % most);

		assert_int_equal(csv_feed(csv, piece), 0);
		text = slice_from(text, piece.size);
	}
	assert_int_equal(csv_finish(csv), 0);
	csv_destroy(csv);
	return digest;
}

static struct digest digest_reference(struct slice text, size_t maximum)
{
	static struct reference reference;
	struct digest digest = {0, 0};
	uint64_t line = 1;

	for (size_t at = 0; at < text.size;) {
		struct csv_row row = {.offset = at, .line = line};
		uint64_t lines;

		at += take_reference_row(&reference, slice_from(text, at), maximum, &row, &lines);
		line += lines;
		if (row.malformed || row.count > 0)
			add_to_digest(&digest, &row);
	}
	return digest;
}

/* Records as logs have them, and now and then something that no log should have; `odd` in 256 pieces are such. */
static size_t write_records(char *out, size_t size, uint32_t odd, uint32_t *seed)
{
	static const char *const sound[] = {"x", "word", "some words of a message", "\"quoted, with a comma\"",
		"\"say \"\"hi\"\" twice\"", "\"two\nlines\"", "\"\"", "", " blank\t", "2025-05-17T20:39:15.921897",
		"0123456789012345678901234567890123456789012345678901234567890123"};
	static const char *const strange[] = {"\"", "a\"b", "\"a\"b", " \"a\" ", "\r", "\"\r\"", "\"\r\n\"", "\"\"\"",
		"\"\"\"\"", "\n", "\xEF\xBB\xBF", "\xff\x80", "\t\t", "\x1a\x2c\x0d\x0a\x32"};
	static const char *const ends[] = {",", ",", ",", "\n", "\n", "\n", "\r\n", "\r"};
	size_t at = 0;

	out[at++] = 'x'; /* a byte-order mark is none here */
	while (at + 80 < size) {
		bool is_odd = next_random(seed) % 256 < odd;
		const char *piece = is_odd ? strange[next_random(seed) % (sizeof(strange) / sizeof(strange[0]))]
					   : sound[next_random(seed) % (sizeof(sound) / sizeof(sound[0]))];
		const char *end = ends[next_random(seed) % (odd > 0 ? 8 : 7)];

		at += slice_copy(slice_of(piece), out + at, 80);
		at += slice_copy(slice_of(end), out + at, 80);
		if (is_odd && next_random(seed) % 4 == 0)
			out[at++] = '\0';
	}
	return at;
}

/* A million records; TOCSIN_CSV_RECORDS asks for more. */
static void csv__agrees_with_libcsv__over_many_records(void **state)
{
	static const uint32_t odds[] = {0, 1, 4, 24, 120};
	static char text[40000];
	const char *wanted = getenv("TOCSIN_CSV_RECORDS");
	size_t records = 0, goal = wanted != NULL ? strtoull(wanted, NULL, 10) : 1000000;
	uint32_t seed = (uint32_t)(goal ^ 2654435769u);

	(void)state;
	for (size_t round = 0; records < goal; round++) {
		size_t size = write_records(text, 100 + next_random(&seed) % (sizeof(text) - 100), odds[round % 5], &seed);
		size_t maximum = round % 3 == 0 ? 100 + next_random(&seed) % 300 : LARGE;
		struct digest expected = digest_reference((struct slice){text, size}, maximum);

		for (int way = 0; way < 5; way++) {
			struct digest digest = digest_pieces((struct slice){text, size}, maximum, way < 2 ? 0 : 5000,
				way % 2 == 0, way >= 3, &seed);

			if (digest.value != expected.value || digest.rows != expected.rows)
				fail_msg("round %zu way %d: %zu rows, expected %zu", round, way, digest.rows, expected.rows);
		}
		records += expected.rows;
	}
}

static void count_rows(void *context, const struct csv_row *row)
{
	(void)row;
	++*(size_t *)context;
}

/* Quadratic work would take minutes here: every line opens a row that is rejected, with a large maximum. */
static void csv__stays_linear__when_every_line_is_rejected(void **state)
{
	static const char *const lines[] = {",\"x\n", ",\"x\r", "\"a\n", "\"\n\n\n"};
	enum { LINES = 100000 };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t rows = 0;
		struct csv *csv = csv_create(1 << 16, 0, 1, count_rows, &rows);

		assert_non_null(csv);
		for (size_t line = 0; line < LINES; line++)
			assert_int_equal(csv_feed(csv, slice_of(lines[i])), 0);
		assert_int_equal(csv_finish(csv), 0);
		assert_true(rows > 0);
		csv_destroy(csv);
	}
}

static void csv__says_where_to_resume__when_a_row_is_pending(void **state)
{
	size_t rows = 0;
	struct csv *csv = csv_create(LARGE, 1000, 50, count_rows, &rows);

	(void)state;
	assert_non_null(csv);
	assert_int_equal(csv_pending_offset(csv), 1000);
	csv_feed(csv, slice_of("a,b\nc,\"d\ne"));
	assert_int_equal(rows, 1);
	assert_int_equal(csv_pending_offset(csv), 1004);
	csv_feed(csv, slice_of("f\"\r"));
	assert_int_equal(csv_pending_offset(csv), 1004);
	csv_feed(csv, slice_of("\n"));
	assert_int_equal(rows, 2);
	assert_int_equal(csv_pending_offset(csv), 1014);
	csv_destroy(csv);
}

static void csv__counts_on_from_the_given_place__when_created_inside_a_file(void **state)
{
	struct reading reading = {.text = NULL};
	struct csv *csv = csv_create(LARGE, 1000, 50, on_row, &reading);

	(void)state;
	assert_non_null(csv);
	buffer_init(&reading.transcript, LARGE);
	csv_feed(csv, slice_of("\"a\nb\"\n\nc\n"));
	csv_finish(csv);
	assert_string_equal(buffer_string(&reading.transcript), "1000 50 [a\\0ab]\n1007 53 [c]\n");
	buffer_release(&reading.transcript);
	csv_destroy(csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv__gives_rows_with_their_place__when_text_is_sound),
		cmocka_unit_test(csv__unquotes_fields__when_they_are_quoted),
		cmocka_unit_test(csv__rejects_only_the_first_line__when_a_quote_is_never_closed),
		cmocka_unit_test(csv__cuts_the_line__when_it_is_longer_than_the_maximum),
		cmocka_unit_test(csv__keeps_64_fields__when_a_row_has_more),
		cmocka_unit_test(csv__agrees_with_libcsv__when_text_is_random),
		cmocka_unit_test(csv__agrees_with_libcsv__over_many_records),
		cmocka_unit_test(csv__stays_linear__when_every_line_is_rejected),
		cmocka_unit_test(csv__says_where_to_resume__when_a_row_is_pending),
		cmocka_unit_test(csv__counts_on_from_the_given_place__when_created_inside_a_file),
	};

	return cmocka_run_group_tests_name("base/csv", tests, NULL, NULL);
}
