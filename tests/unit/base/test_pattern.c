/*
 * What a pattern finds, what it says when it is wrong, and that no pattern on no bytes can hang it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tocsin/base/pattern.h"

static void pattern__finds_the_first_match__when_there_is_one(void **state)
{
	static const struct {
		const char *pattern;
		bool nocase;
		struct slice subject;
		size_t start;
		bool found;
		size_t begin, end;
	} examples[] = {
		{"time(d )?out", false, {"request timed out", 17}, 0, true, 8, 17},
		{"TIMEOUT", false, {"a timeout", 9}, 0, false, 0, 0},
		{"TIMEOUT", true, {"a timeout", 9}, 0, true, 2, 9},
		{"\xC3\x84rger", true,
			{"gro\xC3\x9F"
			 "er \xC3\xA4rger",
				14},
			0, true, 8, 14},
		{"a", false, {"abca", 4}, 1, true, 3, 4},
		{"a", false, {"abca", 4}, 4, false, 0, 0},
		{"a", false, {"abca", 4}, 5, false, 0, 0},
		{"^a", false, {"aa", 2}, 1, false, 0, 0},
		{"", false, {"abc", 3}, 3, true, 3, 3},
		{"^$", false, {NULL, 0}, 0, true, 0, 0},
		{"error", false, {"\xFF\xC3 error", 8}, 0, true, 3, 8},
		{"a.b", false,
			{"a\xFF"
			 "b a\xC3\xA9"
			 "b",
				8},
			0, true, 4, 8},
		{"b\\x00c", false, {"a\0b\0c", 5}, 0, true, 2, 5},
		{".", false, {"\xF0\x9F\x94\xA5", 4}, 0, true, 0, 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct pattern *pattern = pattern_create(slice_of(examples[i].pattern), examples[i].nocase, NULL, NULL);
		size_t begin = 0, end = 0;

		assert_non_null(pattern);
		assert_int_equal(
			pattern_find(pattern, examples[i].subject, examples[i].start, &begin, &end), examples[i].found);
		assert_int_equal(begin, examples[i].begin);
		assert_int_equal(end, examples[i].end);
		pattern_destroy(pattern);
	}
	pattern_destroy(NULL);
}

static void pattern__gives_groups__when_it_has_found(void **state)
{
	struct pattern *pattern = pattern_create(slice_of("(\\w+)=(?:(\\d+)|(\\w+))"), false, NULL, NULL);
	struct slice subject = slice_of("took ms=12");
	size_t begin, end;

	(void)state;
	assert_non_null(pattern);
	assert_int_equal(pattern_group(pattern, 1).size, 0);
	assert_true(pattern_find(pattern, subject, 0, &begin, &end));
	assert_true(slice_is(pattern_group(pattern, 1), "ms"));
	assert_ptr_equal(pattern_group(pattern, 1).data, subject.data + 5);
	assert_true(slice_is(pattern_group(pattern, 2), "12"));
	assert_int_equal(pattern_group(pattern, 3).size, 0);
	assert_int_equal(pattern_group(pattern, 4).size, 0);
	assert_int_equal(pattern_group(pattern, 4000000000u).size, 0);
	assert_false(pattern_find(pattern, slice_of("nothing"), 0, &begin, &end));
	assert_int_equal(pattern_group(pattern, 1).size, 0);
	pattern_destroy(pattern);
}

static void pattern__names_the_fault__when_it_is_wrong(void **state)
{
	static const struct {
		struct slice text;
		size_t fault;
	} examples[] = {
		{{"ab(c", 4}, 4},
		{{"a**+*", 5}, 2},
		{{"[a", 2}, 2},
		{{"x\\Cy", 4}, 3},
		{{"a\xFFz", 3}, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct error error = {0};
		size_t fault = SIZE_MAX;

		assert_null(pattern_create(examples[i].text, false, &fault, &error));
		assert_int_equal(error.code, ERROR_INPUT);
		assert_non_null(strstr(error.text, "The pattern is wrong at byte "));
		assert_int_equal(fault, examples[i].fault);
	}
}

static void pattern__refuses__when_it_is_huge(void **state)
{
	static char text[5000];
	struct error error = {0};
	size_t fault = 0;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_null(pattern_create((struct slice){text, sizeof(text)}, false, &fault, &error));
	assert_int_equal(error.code, ERROR_INPUT);
	assert_null(pattern_create(slice_of("((a{1000}){1000}){1000}"), false, &fault, &error));
	assert_int_equal(error.code, ERROR_INPUT);
}

/* Without limits these take from minutes to longer than the universe. */
static void pattern__gives_up__when_matching_explodes(void **state)
{
	static const char *const patterns[] = {"^(a+)+$", "^(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*[0-9]",
		"(?:a?){30}a{30}$", "(\\w+\\s*)+[:;]"};
	static char subject[100000];

	(void)state;
	memset(subject, 'a', sizeof(subject));
	subject[sizeof(subject) - 1] = '!';
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct pattern *pattern = pattern_create(slice_of(patterns[i]), false, NULL, NULL);
		size_t begin, end;

		assert_non_null(pattern);
		assert_false(pattern_find(pattern, (struct slice){subject, sizeof(subject)}, 0, &begin, &end));
		pattern_destroy(pattern);
	}
}

static void pattern__still_finds__when_the_line_is_long(void **state)
{
	static const char *const patterns[] = {
		"error", ".*error", "^.*error", "[a-z]+ error$", "(?:x+ )(error)", "\\berror\\b"};
	static char subject[1 << 20];

	(void)state;
	memset(subject, 'x', sizeof(subject));
	memcpy(subject + sizeof(subject) - 6, " error", 6);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct pattern *pattern = pattern_create(slice_of(patterns[i]), false, NULL, NULL);
		size_t begin, end;

		assert_non_null(pattern);
		assert_true(pattern_find(pattern, (struct slice){subject, sizeof(subject)}, 0, &begin, &end));
		assert_int_equal(end, sizeof(subject));
		pattern_destroy(pattern);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pattern__finds_the_first_match__when_there_is_one),
		cmocka_unit_test(pattern__gives_groups__when_it_has_found),
		cmocka_unit_test(pattern__names_the_fault__when_it_is_wrong),
		cmocka_unit_test(pattern__refuses__when_it_is_huge),
		cmocka_unit_test(pattern__gives_up__when_matching_explodes),
		cmocka_unit_test(pattern__still_finds__when_the_line_is_long),
	};

	return cmocka_run_group_tests_name("base/pattern", tests, NULL, NULL);
}
