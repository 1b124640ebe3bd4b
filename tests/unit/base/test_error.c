/*
 * Error sentences: complete, cut cleanly, never harmful.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/base/error.h"

static void error_set__returns_the_code__when_error_is_null(void **state)
{
	(void)state;
	assert_int_equal(error_set(NULL, ERROR_FULL, "%d", 1), ERROR_FULL);
}

static void error_set__writes_the_sentence__when_it_fits(void **state)
{
	struct error error = {0};

	(void)state;
	assert_int_equal(error_set(&error, ERROR_INPUT, "%s:%d: no such level", "a.csv", 7), ERROR_INPUT);
	assert_int_equal(error.code, ERROR_INPUT);
	assert_string_equal(error.text, "a.csv:7: no such level");
}

static void error_set__can_wrap_the_old_sentence__when_it_is_an_argument(void **state)
{
	struct error error = {0};

	(void)state;
	error_set(&error, ERROR_SYSTEM, "disk is full");
	error_set(&error, ERROR_SYSTEM, "cannot save: %s", error.text);
	assert_string_equal(error.text, "cannot save: disk is full");
}

static void error_set__replaces_what_could_harm_a_terminal__when_arguments_are_hostile(void **state)
{
	struct error error = {0};

	(void)state;
	error_set(&error, ERROR_INPUT, "%s", "a\x1b[2Jb\tc\nd\x7f");
	assert_string_equal(error.text, "a?[2Jb?c?d?");
	error_set(&error, ERROR_INPUT, "%s", "\x9b" "31m \xc2\x9b \xe2\x80\xae \xff");
	assert_string_equal(error.text, "?31m ? ? ?");
	error_set(&error, ERROR_INPUT, "%s", "naïve – 好");
	assert_string_equal(error.text, "naïve – 好");
}

static void error_set__cuts_between_characters__when_too_long(void **state)
{
	struct error error = {0};
	char text[1001];

	(void)state;
	for (size_t i = 0; i < 1000; i += 2)
		memcpy(text + i, "é", 2);
	text[1000] = '\0';
	error_set(&error, ERROR_INPUT, "%s", text);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 2);
	assert_memory_equal(error.text, text, sizeof(error.text) - 2);
	error_set(&error, ERROR_INPUT, "x%s", text);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
}

static void error_name__differs_for_each_code__when_known(void **state)
{
	(void)state;
	for (int a = ERROR_STATE; a <= ERROR_NONE; a++) {
		assert_string_not_equal(error_name((enum error_code)a), "unknown error");
		for (int b = ERROR_STATE; b < a; b++)
			assert_string_not_equal(error_name((enum error_code)a), error_name((enum error_code)b));
	}
	assert_string_equal(error_name((enum error_code)-99), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_set__returns_the_code__when_error_is_null),
		cmocka_unit_test(error_set__writes_the_sentence__when_it_fits),
		cmocka_unit_test(error_set__can_wrap_the_old_sentence__when_it_is_an_argument),
		cmocka_unit_test(error_set__replaces_what_could_harm_a_terminal__when_arguments_are_hostile),
		cmocka_unit_test(error_set__cuts_between_characters__when_too_long),
		cmocka_unit_test(error_name__differs_for_each_code__when_known),
	};

	return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}
