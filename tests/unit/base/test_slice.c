/*
 * Borrowed bytes: cutting, comparing, searching, numbers, hashing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tocsin/base/slice.h"

static const struct slice empty = {NULL, 0};

static void slice__is_empty__when_made_of_null(void **state)
{
	(void)state;
	assert_int_equal(slice_of(NULL).size, 0);
	assert_int_equal(slice_from(empty, 3).size, 0);
	assert_int_equal(slice_trim(empty).size, 0);
	assert_true(slice_equal(empty, slice_of("")));
	assert_true(slice_starts(empty, ""));
	assert_true(slice_ends(empty, ""));
	assert_int_equal(slice_find(empty, slice_of("a")), SIZE_MAX);
	assert_int_equal(slice_find_nocase(empty, slice_of("a")), SIZE_MAX);
	assert_int_equal(slice_find_byte(empty, 'a'), SIZE_MAX);
}

static void slice__is_cut__when_asked(void **state)
{
	(void)state;
	assert_true(slice_is(slice_from(slice_of("abcdef"), 2), "cdef"));
	assert_true(slice_is(slice_from(slice_of("abc"), 3), ""));
	assert_true(slice_is(slice_from(slice_of("abc"), 99), ""));
	assert_true(slice_is(slice_first(slice_of("abc"), 2), "ab"));
	assert_true(slice_is(slice_first(slice_of("abc"), 99), "abc"));
	assert_true(slice_is(slice_trim(slice_of(" \t\r\n\v\fa b \r\n")), "a b"));
	assert_true(slice_is(slice_trim(slice_of(" \t ")), ""));
}

static void slice__compares_bytes__when_they_differ_in_case_or_size(void **state)
{
	(void)state;
	assert_true(slice_is(slice_of("abc"), "abc"));
	assert_false(slice_is(slice_of("abc"), "ab"));
	assert_false(slice_is(slice_of("abc"), "abC"));
	assert_true(slice_equal_nocase(slice_of("aBc@["), slice_of("AbC@[")));
	assert_false(slice_equal_nocase(slice_of("@["), slice_of("`{")));
	assert_false(slice_equal_nocase(slice_of("É"), slice_of("é")));
	assert_true(slice_starts(slice_of("payment"), "pay"));
	assert_false(slice_starts(slice_of("pa"), "pay"));
	assert_true(slice_ends(slice_of("a.csv"), ".csv"));
	assert_false(slice_ends(slice_of("csv"), ".csv"));
}

static void slice_find__gives_the_first_place__when_present(void **state)
{
	static const struct {
		const char *haystack, *needle;
		size_t exact, folded;
	} rows[] = {
		{"abcabc", "", 0, 0},
		{"abcabc", "c", 2, 2},
		{"ABCabc", "bc", 4, 1},
		{"aAaAab", "AAB", SIZE_MAX, 3},
		{"abc", "abcd", SIZE_MAX, SIZE_MAX},
		{"Timeout: TIMEOUT", "TIMEOUT", 9, 0},
		{"xx [Error]", "[ERROR]", SIZE_MAX, 3},
		{"{}", "[]", SIZE_MAX, SIZE_MAX},
		{"ab", "AB", SIZE_MAX, 0},
		{"aaaaaaab", "AB", SIZE_MAX, 6},
		{"12:30:30", "30", 3, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice haystack = slice_of(rows[i].haystack), needle = slice_of(rows[i].needle);

		assert_int_equal(slice_find(haystack, needle), rows[i].exact);
		assert_int_equal(slice_find_nocase(haystack, needle), rows[i].folded);
	}
	assert_int_equal(slice_find_byte(slice_of("a,b"), ','), 1);
}

/* Every text of 6 letters over {a, A, b} against every needle of 2: the plain double loop is the truth. */
static void slice_find_nocase__agrees_with_a_plain_search__when_cases_are_mixed(void **state)
{
	static const char letters[] = "aAb";
	char text[6], needle[2];

	(void)state;
	for (int code = 0; code < 729 * 9; code++) {
		size_t expected = SIZE_MAX;
		int rest = code;

		for (size_t i = 0; i < 2; i++, rest /= 3)
			needle[i] = letters[rest % 3];
		for (size_t i = 0; i < 6; i++, rest /= 3)
			text[i] = letters[rest % 3];
		for (size_t at = 0; at < 5 && expected == SIZE_MAX; at++) {
			if ((text[at] | 0x20) == (needle[0] | 0x20) && (text[at + 1] | 0x20) == (needle[1] | 0x20))
				expected = at;
		}
		assert_int_equal(slice_find_nocase((struct slice){text, 6}, (struct slice){needle, 2}), expected);
	}
}

static void slice_next__gives_every_token__when_some_are_empty(void **state)
{
	struct slice rest = slice_of("a,,b"), token;

	(void)state;
	assert_true(slice_next(&rest, ',', &token));
	assert_true(slice_is(token, "a"));
	assert_true(slice_next(&rest, ',', &token));
	assert_true(slice_is(token, ""));
	assert_true(slice_next(&rest, ',', &token));
	assert_true(slice_is(token, "b"));
	assert_false(slice_next(&rest, ',', &token));
	rest = empty;
	assert_false(slice_next(&rest, ',', &token));
}

static void slice_to_u64__reads_digits_only__when_they_fit(void **state)
{
	static const char *const bad[] = {
		"", "-1", "+1", " 1", "1 ", "1a", "0x1", "18446744073709551616", "99999999999999999999",
	};
	uint64_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(slice_to_u64(slice_of(bad[i]), &value));
	assert_int_equal(value, 7);
	assert_true(slice_to_u64(slice_of("0018446744073709551615"), &value));
	assert_true(value == UINT64_MAX);
	assert_true(slice_to_u64(slice_of("0"), &value));
	assert_int_equal(value, 0);
}

static void slice_to_double__reads_the_whole_slice__when_it_is_a_number(void **state)
{
	static const struct {
		const char *text;
		double value;
	} good[] = {
		{"0", 0}, {"-1.5", -1.5}, {"+.5", 0.5}, {"5.", 5}, {"1e3", 1000}, {"2.5E-1", 0.25}, {"1e-400", 0},
		{"0.1", 0.1}, {"123456789012345678901234567890", 123456789012345678901234567890.0},
	};
	static const char *const bad[] = {
		"", ".", "-", "e5", "1e", "1e+", "1.2.3", "nan", "inf", "0x10", "1,5", " 1", "1 ", "1e999",
	};
	double value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(slice_to_double(slice_of(bad[i]), &value));
	assert_true(value == 7);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(slice_to_double(slice_of(good[i].text), &value));
		assert_true(value == good[i].value);
	}
	/* Not terminated: what follows must not be read. */
	assert_true(slice_to_double(slice_first(slice_of("1.25e9"), 4), &value));
	assert_true(value == 1.25);
}

static void slice_copy__cuts_between_characters__when_room_is_short(void **state)
{
	static const struct {
		const char *text;
		size_t capacity, copied;
		const char *result;
	} rows[] = {
		{"abc", 4, 3, "abc"}, {"abc", 3, 2, "ab"}, {"abc", 1, 0, ""}, {"", 4, 0, ""},
		{"a好", 4, 1, "a"},   {"a好", 5, 4, "a好"}, {"é", 2, 0, ""},
		{"\x80\x80\x80\x80\x80\x80", 5, 4, "\x80\x80\x80\x80"},
	};
	char out[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(out, '#', sizeof(out));
		assert_int_equal(slice_copy(slice_of(rows[i].text), out, rows[i].capacity), rows[i].copied);
		assert_string_equal(out, rows[i].result);
		assert_int_equal(out[rows[i].capacity], '#');
	}
	assert_int_equal(slice_copy(slice_of("abc"), NULL, 0), 0);
}

static void slice_hash__depends_on_every_byte__when_size_varies(void **state)
{
	char bytes[100];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 37);
	for (size_t size = 1; size <= sizeof(bytes); size++) {
		struct slice slice = {bytes, size};
		uint64_t hash = slice_hash(slice, 1);

		assert_true(hash == slice_hash(slice, 1));
		assert_true(hash != slice_hash(slice, 2));
		assert_true(hash != slice_hash(slice_first(slice, size - 1), 1));
		for (size_t i = 0; i < size; i++) {
			bytes[i] = (char)(bytes[i] ^ 1);
			assert_true(hash != slice_hash(slice, 1));
			bytes[i] = (char)(bytes[i] ^ 1);
		}
	}
	assert_true(slice_hash(empty, 0) == slice_hash(slice_of(""), 0));
}

/* Similar names must spread: 4096 of them over 4096 buckets leave 1507 empty when thrown at random. */
static void slice_hash__spreads_evenly__when_names_are_alike(void **state)
{
	static const char *const endings[] = {"", "-payment-service", " is a request that took far too long"};

	(void)state;
	for (size_t ending = 0; ending < sizeof(endings) / sizeof(endings[0]); ending++) {
		static unsigned char low[4096], high[4096];
		int low_used = 0, high_used = 0;

		memset(low, 0, sizeof(low));
		memset(high, 0, sizeof(high));
		for (int i = 0; i < 4096; i++) {
			char text[64];
			int size = snprintf(text, sizeof(text), "%d%s", i, endings[ending]);
			uint64_t hash = slice_hash((struct slice){text, (size_t)size}, 0);

			low_used += !low[hash & 4095];
			low[hash & 4095] = 1;
			high_used += !high[hash >> 52];
			high[hash >> 52] = 1;
		}
		assert_in_range(low_used, 2489, 2689);
		assert_in_range(high_used, 2489, 2689);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slice__is_empty__when_made_of_null),
		cmocka_unit_test(slice__is_cut__when_asked),
		cmocka_unit_test(slice__compares_bytes__when_they_differ_in_case_or_size),
		cmocka_unit_test(slice_find__gives_the_first_place__when_present),
		cmocka_unit_test(slice_find_nocase__agrees_with_a_plain_search__when_cases_are_mixed),
		cmocka_unit_test(slice_next__gives_every_token__when_some_are_empty),
		cmocka_unit_test(slice_to_u64__reads_digits_only__when_they_fit),
		cmocka_unit_test(slice_to_double__reads_the_whole_slice__when_it_is_a_number),
		cmocka_unit_test(slice_copy__cuts_between_characters__when_room_is_short),
		cmocka_unit_test(slice_hash__depends_on_every_byte__when_size_varies),
		cmocka_unit_test(slice_hash__spreads_evenly__when_names_are_alike),
	};

	return cmocka_run_group_tests_name("base/slice", tests, NULL, NULL);
}
