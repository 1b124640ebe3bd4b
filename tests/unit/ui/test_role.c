/*
 * The tables of roles and glyphs hold together.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/base/utf8.h"
#include "tocsin/ui/role.h"

static void role__has_a_letter_and_name_of_its_own__always(void **state)
{
	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_true(role_letter((enum role)i) >= ' ' && role_letter((enum role)i) <= '~');
		for (int j = 0; j < i; j++) {
			assert_int_not_equal(role_letter((enum role)i), role_letter((enum role)j));
			assert_string_not_equal(role_name((enum role)i), role_name((enum role)j));
		}
	}
}

static void role_parent__stands_earlier__so_that_one_pass_inherits(void **state)
{
	(void)state;
	assert_int_equal(role_parent(ROLE_DEFAULT), ROLE_DEFAULT);
	for (int i = 1; i < ROLE_COUNT; i++)
		assert_true((int)role_parent((enum role)i) < i);
}

static void role_mono__keeps_levels_apart__without_colours(void **state)
{
	(void)state;
	assert_int_not_equal(role_mono(ROLE_LEVEL_ERROR), role_mono(ROLE_LEVEL_WARN));
	assert_int_not_equal(role_mono(ROLE_LEVEL_FATAL), role_mono(ROLE_LEVEL_ERROR));
	assert_int_not_equal(role_mono(ROLE_SELECTION), role_mono(ROLE_DEFAULT));
	assert_int_not_equal(role_mono(ROLE_BORDER_FOCUS), role_mono(ROLE_BORDER));
}

static void role_name__is_the_default__for_a_number_out_of_range(void **state)
{
	(void)state;
	assert_string_equal(role_name((enum role)999), "default");
	assert_int_equal(role_letter((enum role)999), ' ');
}

static void glyph_text__takes_one_cell__in_both_forms(void **state)
{
	(void)state;
	for (int i = 0; i < GLYPH_COUNT; i++) {
		const char *utf8 = glyph_text((enum glyph)i, false), *ascii = glyph_text((enum glyph)i, true);
		assert_int_equal(utf8_shown_width(slice_of(utf8)), 1);
		assert_int_equal(strlen(ascii), 1);
		assert_true(ascii[0] >= ' ' && ascii[0] <= '~');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(role__has_a_letter_and_name_of_its_own__always),
		cmocka_unit_test(role_parent__stands_earlier__so_that_one_pass_inherits),
		cmocka_unit_test(role_mono__keeps_levels_apart__without_colours),
		cmocka_unit_test(role_name__is_the_default__for_a_number_out_of_range),
		cmocka_unit_test(glyph_text__takes_one_cell__in_both_forms),
	};
	return cmocka_run_group_tests_name("ui/role", tests, NULL, NULL);
}
