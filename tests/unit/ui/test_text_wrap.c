/*
 * Wrapping prose.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/base/buffer.h"
#include "tocsin/base/utf8.h"
#include "tocsin/ui/grid.h"

static void collect(void *context, int line, struct slice part)
{
	struct buffer *out = context;
	if (line > 0)
		buffer_append_byte(out, '|');
	buffer_append_slice(out, part);
}

static void text_wrap__breaks_lines__where_a_reader_expects(void **state)
{
	static const struct {
		const char *text;
		int width;
		const char *lines;
		int count;
	} rows[] = {
		{ "", 10, "", 0 },
		{ "one two", 10, "one two", 1 },
		{ "one two", 7, "one two", 1 },
		{ "one two", 6, "one|two", 2 },
		{ "one two three", 7, "one two|three", 2 },
		{ "one   two", 4, "one|two", 2 },
		{ "unbreakable", 4, "unbr|eaka|ble", 3 },
		{ "a unbreakable", 4, "a|unbr|eaka|ble", 4 },
		{ "one\n\ntwo", 10, "one||two", 3 },
		{ "at since:2025-05-17T20:41:00", 20, "at|since:|2025-05-17T20:41:00", 3 },
		{ "a/long/path/of/files", 9, "a/long/|path/of/|files", 3 },
		{ "upstream=payment", 9, "upstream=|payment", 2 },
		{ "20:41:07.118", 8, "20:41:07|.118", 2 },
		{ "  indented text", 10, "  indented|text", 2 },
		{ "日本語", 4, "日本|語", 2 },
		{ "日本語", 1, "日|本|語", 3 },
		{ "ab", 0, "a|b", 2 },
		{ "trailing   ", 8, "trailing", 1 },
	};
	(void)state;
	struct buffer out;
	buffer_init(&out, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buffer_clear(&out);
		assert_int_equal(text_wrap(slice_of(rows[i].text), rows[i].width, collect, &out), rows[i].count);
		assert_string_equal(buffer_string(&out), rows[i].lines);
		assert_int_equal(text_wrap(slice_of(rows[i].text), rows[i].width, NULL, NULL), rows[i].count);
	}
	buffer_release(&out);
}

static void fits(void *context, int line, struct slice part)
{
	(void)line;
	assert_true(utf8_shown_width(part) <= *(const size_t *)context);
}

static void text_wrap__never_exceeds_the_width__with_escapes_and_marks(void **state)
{
	(void)state;
	static const char text[] =
		"pool \x1b[31mexhausted\x1b[0m: e\xcc\x81 \xff\xfe wait \xe2\x80\xae reversed\n\t\ttab";
	for (size_t width = 8; width < 40; width++)
		text_wrap((struct slice){ text, sizeof(text) - 1 }, (int)width, fits, &width);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_wrap__breaks_lines__where_a_reader_expects),
		cmocka_unit_test(text_wrap__never_exceeds_the_width__with_escapes_and_marks),
	};
	return cmocka_run_group_tests_name("ui/text_wrap", tests, NULL, NULL);
}
