/*
 * Formats that a person describes.
 */
#include "unit/ingest/scene.h"

static struct format_book *book;

static int begin(void **state)
{
	(void)state;
	book = format_book_create();
	return book != NULL ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	format_book_destroy(book);
	return 0;
}

static void set(const char *key, const char *value)
{
	struct error error = { 0 };

	if (format_book_set(book, slice_of("pay"), slice_of(key), slice_of(value), &error) != 0)
		fail_msg("%s", error.text);
}

static void format__of_named_groups__fills_the_row(void **state)
{
	struct slice text = slice_of("17/05/2025 20:41:07 {X} <pay> req=a1 dead\n\tat here\n17/05/2025 20:41:08 {N} <pay> req=a2 ok\n");
	struct parser *parser, *copy;
	struct row row;

	(void)state;
	set("pattern", "^(?<time>\\S+ \\S+) \\{(?<level>\\w)\\} <(?<service>[^>]+)> req=(?<request>\\w+) (?<message>.*)$");
	set("time", "dd/MM/yyyy HH:mm:ss");
	set("levels", "X=FATAL, N=NOTICE");
	assert_int_equal(format_book_check(book, NULL), 0);
	parser = parser_create(text, true, NULL, book, NULL, NULL);
	assert_non_null(parser);
	assert_string_equal(format_name(parser_format(parser)), "pay");
	copy = parser_copy(parser);
	parser_destroy(parser);
	parser_parse(copy, slice_of("17/05/2025 20:41:07 {X} <pay> req=a1 dead\n\tat here"), &row);
	assert_int_equal(row.level, LEVEL_FATAL);
	assert_int_equal(row.time, INT64_C(1747514467) * TIMESTAMP_SECOND);
	assert_text(row.service, "pay");
	assert_text(row.message, "dead\n\tat here");
	assert_int_equal(row.field_count, 1);
	assert_text(row.fields[0].name, "request");
	assert_text(row.fields[0].value, "a1");
	parser_parse(copy, slice_of("yesterday {X} <pay> req=a1 dead"), &row);
	assert_int_equal(row.flags, RECORD_UNPARSED);
	assert_text(row.message, "yesterday {X} <pay> req=a1 dead");
	parser_destroy(copy);
}

static void format__is_found_by_name__beside_those_of_the_table(void **state)
{
	(void)state;
	set("pattern", "(?<message>.*)");
	assert_string_equal(format_name(format_book_find(book, slice_of("PAY"))), "pay");
	assert_ptr_equal(format_book_find(book, slice_of("csv")), format_find(slice_of("csv")));
	assert_ptr_equal(format_book_find(NULL, slice_of("csv")), format_find(slice_of("csv")));
	assert_null(format_book_find(book, slice_of("none")));
}

static void format__that_is_wrong__names_the_key(void **state)
{
	static const struct {
		const char *name, *key, *value, *says;
	} cases[] = {
		{ "pay", "pattern", "(", "pattern: " },
		{ "pay", "pattern", "no groups", "pattern: a pattern needs named groups" },
		{ "pay", "time", "qqqq", "time: " },
		{ "pay", "levels", "X=LOUD", "levels: \"X=LOUD\"" },
		{ "pay", "colour", "x", "colour: a format has the keys" },
		{ "csv", "pattern", "(?<message>.*)", "there is a format \"csv\" already" },
		{ "a b", "pattern", "(?<message>.*)", "the name of a format" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error error = { 0 };

		assert_int_not_equal(format_book_set(book, slice_of(cases[i].name), slice_of(cases[i].key),
					     slice_of(cases[i].value), &error), 0);
		if (!slice_starts(slice_of(error.text), cases[i].says))
			fail_msg("\"%s\" does not begin with \"%s\"", error.text, cases[i].says);
	}
}

static void format__without_a_pattern__is_said(void **state)
{
	struct error error = { 0 };

	(void)state;
	set("time", "iso");
	assert_int_not_equal(format_book_check(book, &error), 0);
	assert_string_equal(error.text, "[format pay] has no pattern");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(format__of_named_groups__fills_the_row, begin, end),
		cmocka_unit_test_setup_teardown(format__is_found_by_name__beside_those_of_the_table, begin, end),
		cmocka_unit_test_setup_teardown(format__that_is_wrong__names_the_key, begin, end),
		cmocka_unit_test_setup_teardown(format__without_a_pattern__is_said, begin, end),
	};

	return cmocka_run_group_tests_name("format_user", tests, NULL, NULL);
}
