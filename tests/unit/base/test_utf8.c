/*
 * Decoding, widths, and what is shown of hostile bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/base/error.h"
#include "tocsin/base/utf8.h"

static void utf8_next__decodes__when_the_sequence_is_whole(void **state)
{
	static const uint32_t points[] = {0, 0x41, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		char bytes[4];
		struct slice rest = {bytes, utf8_encode(points[i], bytes)};
		uint32_t point = 1;
		bool valid = false;

		assert_true(utf8_next(&rest, &point, &valid));
		assert_true(valid);
		assert_int_equal(point, points[i]);
		assert_int_equal(rest.size, 0);
		assert_false(utf8_next(&rest, &point, &valid));
	}
}

static void utf8_next__takes_one_byte__when_the_sequence_is_bad(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE2\x82", "\xE2(\xA1",
		"\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF0\x9F\x92", "\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80", "\xFE", "\xFF",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct slice rest = slice_of(bad[i]);
		uint32_t point = 1;
		bool valid = true;

		assert_true(utf8_next(&rest, &point, &valid));
		assert_false(valid);
		assert_int_equal(point, 0xFFFD);
		assert_int_equal(rest.size, strlen(bad[i]) - 1);
	}
}

static void utf8_encode__writes_the_replacement__when_not_encodable(void **state)
{
	char bytes[4];

	(void)state;
	assert_int_equal(utf8_encode(0xD800, bytes), 3);
	assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
	assert_int_equal(utf8_encode(0x110000, bytes), 3);
	assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
}

static void utf8_width__follows_the_table__when_any_script(void **state)
{
	static const struct {
		uint32_t point;
		int width;
	} rows[] = {
		{'a', 1},     {0xE9, 1},    {0x301, 0},	  {0x416, 1},	{0x5B0, 0},   {0x1100, 2},  {0x1161, 0},
		{0x200B, 0},  {0x2026, 1},  {0x2500, 1},  {0x2588, 1},	{0x26A0, 1},  {0x26A1, 2},  {0x3042, 2},
		{0x3099, 0},  {0x4E2D, 2},  {0xAC00, 2},  {0xD7A3, 2},	{0xE0B0, 1},  {0xFE0F, 0},  {0xFF21, 2},
		{0xFF71, 1},  {0xFFFD, 1},  {0x1F525, 2}, {0x1F600, 2}, {0x1F680, 2}, {0x1FAE0, 2}, {0x20000, 2},
		{0xE0100, 0}, {0x1D49C, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(utf8_width(rows[i].point), rows[i].width);
}

struct shown_row {
	const char *text;
	const char *shown; /* items parted by '|' */
	size_t width;
};

static const struct shown_row shown_rows[] = {
	{"", "", 0},
	{"ab ~", "a|b| |~", 4},
	{"\t~", " |~", 2},
	{"\x1b[2J", "^[|[|2|J", 5},
	{"\r\n\a\x01", "^M|^J|^G|^A", 8},
	{"\x7f", "^?", 2},
	{"\xff\x9b", "\\xFF|\\x9B", 8},
	{"\xe2\x82", "\\xE2|\\x82", 8},
	{"\xc2\x9b" "0c", "<U+009B>|0|c", 10},
	{"\u202e\u2066\u200b\u200d", "<U+202E>|<U+2066>|<U+200B>|<U+200D>", 32},
	{"\u2028\u2029\ufeff", "<U+2028>|<U+2029>|<U+FEFF>", 24},
	{"\u00ad\u061c\u3164", "<U+00AD>|<U+061C>|<U+3164>", 24},
	{"\U000e0041\U000e0100\uffff", "<U+E0041>|<U+E0100>|<U+FFFF>", 26},
	{"\u4e2d\U0001f525x", "\u4e2d|\U0001f525|x", 5},
	{"e\u0301x", "e\u0301|x", 2},
	{"\u0301x", "<U+0301>|x", 9},
	{"\t\u0301", " |<U+0301>", 9},
	{"a\u0300\u0301\u0302\u0303", "a\u0300\u0301\u0302|<U+0303>", 9},
	{"\u26a0\ufe0f!", "\u26a0\ufe0f|!", 2},
	{"\U0001f468\u200d\U0001f469", "\U0001f468|<U+200D>|\U0001f469", 12},
};

static void utf8_next_shown__spells_out_what_is_unsafe__when_bytes_are_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shown_rows) / sizeof(shown_rows[0]); i++) {
		struct slice rest = slice_of(shown_rows[i].text);
		struct utf8_shown shown;
		struct buffer joined;

		buffer_init(&joined, 1000);
		while (utf8_next_shown(&rest, &shown)) {
			if (joined.size > 0)
				buffer_append_byte(&joined, '|');
			buffer_append_string(&joined, shown.bytes);
			assert_int_equal(strlen(shown.bytes), shown.size);
			assert_true(shown.width >= 1);
			if (shown.escaped)
				assert_int_equal(shown.size, shown.width);
		}
		assert_string_equal(buffer_string(&joined), shown_rows[i].shown);
		assert_int_equal(utf8_shown_width(slice_of(shown_rows[i].text)), shown_rows[i].width);
		buffer_release(&joined);
	}
}

static void utf8_next_shown__marks_escapes__when_something_is_unsafe(void **state)
{
	struct slice rest = slice_of("a\t\x1b\xff\u202e\u4e2d");
	static const bool escaped[] = {false, false, true, true, true, false};
	struct utf8_shown shown;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		assert_true(utf8_next_shown(&rest, &shown));
		assert_int_equal(shown.escaped, escaped[i]);
	}
	assert_false(utf8_next_shown(&rest, &shown));
}

/* Pairs and triples of all kinds of bytes: what comes out is valid, visible, and consumes everything. */
static void utf8_append_shown__is_always_harmless__when_bytes_are_arbitrary(void **state)
{
	struct buffer out;

	(void)state;
	buffer_init(&out, 1000);
	for (unsigned code = 0; code < 65536; code++) {
		char bytes[4] = {(char)(code >> 8), (char)code, (char)(code * 31), (char)(code * 7)};
		struct slice rest;
		uint32_t point;
		bool valid;

		buffer_clear(&out);
		assert_int_equal(utf8_append_shown(&out, (struct slice){bytes, 4}, SIZE_MAX), 0);
		rest = buffer_slice(&out);
		assert_true(rest.size >= 1);
		while (utf8_next(&rest, &point, &valid))
			assert_true(valid && point >= 0x20 && (point < 0x7F || point > 0x9F) && point != 0x202E);
	}
	buffer_release(&out);
}

static void utf8_append_shown__ends_in_an_ellipsis__when_cut(void **state)
{
	static const struct {
		const char *text;
		size_t cells;
		const char *shown;
	} rows[] = {
		{"abc", 3, "abc"},	       {"abcd", 3, "ab\u2026"},
		{"abc", 1, "\u2026"},	       {"a", 1, "a"},
		{"abc", 0, ""},		       {"", 0, ""},
		{"\u4e2d\u6587", 4, "\u4e2d\u6587"}, {"\u4e2d\u6587", 3, "\u4e2d\u2026"},
		{"\u4e2d\u6587", 2, "\u2026"}, {"a\u4e2d", 2, "a\u2026"},
		{"ab\x1b", 3, "ab\u2026"},	       {"ab\x1b", 4, "ab^["},
		{"abe\u0301", 3, "abe\u0301"}, {"e\u0301bc", 2, "e\u0301\u2026"},
	};
	struct buffer out;

	(void)state;
	buffer_init(&out, 100);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buffer_clear(&out);
		buffer_append_string(&out, ">");
		assert_int_equal(utf8_append_shown(&out, slice_of(rows[i].text), rows[i].cells), 0);
		assert_string_equal(buffer_string(&out) + 1, rows[i].shown);
		assert_true(utf8_shown_width(buffer_slice(&out)) <= rows[i].cells + 1);
	}
	buffer_release(&out);
	buffer_init(&out, 3);
	assert_int_equal(utf8_append_shown(&out, slice_of("abcdef"), SIZE_MAX), ERROR_FULL);
	buffer_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_next__decodes__when_the_sequence_is_whole),
		cmocka_unit_test(utf8_next__takes_one_byte__when_the_sequence_is_bad),
		cmocka_unit_test(utf8_encode__writes_the_replacement__when_not_encodable),
		cmocka_unit_test(utf8_width__follows_the_table__when_any_script),
		cmocka_unit_test(utf8_next_shown__spells_out_what_is_unsafe__when_bytes_are_hostile),
		cmocka_unit_test(utf8_next_shown__marks_escapes__when_something_is_unsafe),
		cmocka_unit_test(utf8_append_shown__is_always_harmless__when_bytes_are_arbitrary),
		cmocka_unit_test(utf8_append_shown__ends_in_an_ellipsis__when_cut),
	};

	return cmocka_run_group_tests_name("base/utf8", tests, NULL, NULL);
}
