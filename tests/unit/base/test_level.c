/*
 * Level names of every format.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/base/level.h"

static void level_parse__knows_every_spelling__when_in_any_case(void **state)
{
	static const struct {
		const char *text;
		enum level level;
	} rows[] = {
		{"TRACE", LEVEL_TRACE}, {"debug", LEVEL_DEBUG}, {"Info", LEVEL_INFO},
		{"NOTICE", LEVEL_INFO}, {"warn", LEVEL_WARN}, {"Warning", LEVEL_WARN},
		{"ERROR", LEVEL_ERROR}, {"Err", LEVEL_ERROR}, {"fatal", LEVEL_FATAL},
		{"CRITICAL", LEVEL_FATAL}, {"crit", LEVEL_FATAL}, {"Panic", LEVEL_FATAL},
		{"emerg", LEVEL_FATAL}, {"ALERT", LEVEL_FATAL}, {"severe", LEVEL_ERROR},
		{"unknown", LEVEL_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum level level = LEVEL_COUNT;

		assert_true(level_parse(slice_of(rows[i].text), &level));
		assert_int_equal(level, rows[i].level);
	}
}

static void level_parse__gives_unknown__when_the_word_is_no_level(void **state)
{
	static const char *const words[] = {"", " INFO", "ERRORS", "INFOX", "WAR", "5", "é"};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		enum level level = LEVEL_INFO;

		assert_false(level_parse(slice_of(words[i]), &level));
		assert_int_equal(level, LEVEL_UNKNOWN);
	}
}

static void level_name__is_read_back__when_any_level(void **state)
{
	static const char letters[] = "TDIWEF?";

	(void)state;
	for (int i = 0; i < LEVEL_COUNT; i++) {
		enum level level;

		assert_true(level_parse(slice_of(level_name((enum level)i)), &level));
		assert_int_equal(level, i);
		assert_int_equal(level_letter((enum level)i), letters[i]);
		assert_int_equal(level_is_error((enum level)i), i == LEVEL_ERROR || i == LEVEL_FATAL);
	}
	assert_string_equal(level_name((enum level)99), "UNKNOWN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(level_parse__knows_every_spelling__when_in_any_case),
		cmocka_unit_test(level_parse__gives_unknown__when_the_word_is_no_level),
		cmocka_unit_test(level_name__is_read_back__when_any_level),
	};

	return cmocka_run_group_tests_name("base/level", tests, NULL, NULL);
}
