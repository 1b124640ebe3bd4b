/*
 * Key names there and back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/ui/key.h"

static void key_parse__reads_every_form__and_key_text_writes_it(void **state)
{
	static const struct {
		const char *name;
		uint32_t code;
		bool alt;
		const char *text;
	} rows[] = {
		{ "a", 'a', false, "a" },
		{ "G", 'G', false, "G" },
		{ "-", '-', false, "-" },
		{ "é", 0xe9, false, "é" },
		{ "Space", ' ', false, "Space" },
		{ "Tab", KEY_CODE_TAB, false, "Tab" },
		{ "S-Tab", KEY_CODE_SHIFT_TAB, false, "S-Tab" },
		{ "S-Left", KEY_CODE_SHIFT_LEFT, false, "S-Left" },
		{ "pgdn", KEY_CODE_PAGE_DOWN, false, "PgDn" },
		{ "F12", KEY_CODE_F12, false, "F12" },
		{ "C-l", 12, false, "C-l" },
		{ "C-L", 12, false, "C-l" },
		{ "C-i", KEY_CODE_TAB, false, "Tab" },
		{ "C-m", KEY_CODE_ENTER, false, "Enter" },
		{ "C-[", KEY_CODE_ESCAPE, false, "Esc" },
		{ "C-h", KEY_CODE_BACKSPACE, false, "Backspace" },
		{ "C-_", 31, false, "C-_" },
		{ "M-x", 'x', true, "M-x" },
		{ "M--", '-', true, "M--" },
		{ "M-Enter", KEY_CODE_ENTER, true, "M-Enter" },
		{ "M-C-y", 25, true, "M-C-y" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct key key = { 0 };
		char text[24];
		assert_true(key_parse(slice_of(rows[i].name), &key));
		assert_int_equal(key.code, rows[i].code);
		assert_int_equal(key.alt, rows[i].alt);
		assert_string_equal(key_text(key, text), rows[i].text);
	}
}

static void key_parse__refuses__what_is_no_key(void **state)
{
	static const char *const names[] = { "", "ab", "C-", "C-ab", "C-1", "M-", "F13", "\x01", "\xff", "S-x", " " };
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct key key;
		assert_false(key_parse(slice_of(names[i]), &key));
	}
}

static void key_text__comes_back_through_key_parse__for_every_code(void **state)
{
	(void)state;
	for (uint32_t code = 1; code <= KEY_CODE_WHEEL_DOWN; code += code < 0x300 || code >= KEY_NAMED - 4 ? 1 : 0x95) {
		struct key key = key_of_character(code, code & 1), again;
		char text[24];
		if (code == KEY_NAMED || (code >= 0xd800 && code < 0xe000))
			continue;
		assert_true(key_parse(slice_of(key_text(key, text)), &again));
		assert_true(key_equal(key, again));
	}
}

static void key_equal__tells_alt_apart__but_not_places(void **state)
{
	(void)state;
	assert_false(key_equal((struct key){ .code = 'x' }, (struct key){ .code = 'x', .alt = true }));
	assert_true(key_equal(
		(struct key){ .code = KEY_CODE_WHEEL_UP, .x = 3 }, (struct key){ .code = KEY_CODE_WHEEL_UP }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_parse__reads_every_form__and_key_text_writes_it),
		cmocka_unit_test(key_parse__refuses__what_is_no_key),
		cmocka_unit_test(key_text__comes_back_through_key_parse__for_every_code),
		cmocka_unit_test(key_equal__tells_alt_apart__but_not_places),
	};
	return cmocka_run_group_tests_name("ui/key", tests, NULL, NULL);
}
