/*
 * Records repeated within the window are one event with a count.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scenario.h"
#include "tocsin/detect/detect.h"

static void duplicate__is_judged_against_the_last_occurrence(void **state)
{
	static const struct {
		double second;
		const char *service;
		enum level level;
		const char *text;
		bool duplicate;
		uint64_t first, count;
	} lines[] = {
		{0, "a", LEVEL_ERROR, "failed", false, 0, 1},
		{4, "a", LEVEL_ERROR, "failed", true, 0, 2},
		{5, "b", LEVEL_ERROR, "failed", false, 2, 1}, /* another service */
		{6, "a", LEVEL_WARN, "failed", false, 3, 1},  /* another level */
		{7, "a", LEVEL_ERROR, "stuck", false, 4, 1},  /* another template */
		{9, "a", LEVEL_ERROR, "failed", true, 0, 3},  /* 5 s after the last, 9 s after the first */
		{14.001, "a", LEVEL_ERROR, "failed", false, 6, 1},
		{14.002, "a", LEVEL_ERROR, "failed", true, 6, 2},
	};
	struct store *store = store_empty();
	uint64_t first, count;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		store_say(store, at(lines[i].second), lines[i].service, lines[i].level, lines[i].text);
	store_publish(store);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(detect_duplicate(store, NULL, i, &first, &count), lines[i].duplicate);
		assert_int_equal(first, lines[i].first);
		assert_int_equal(count, lines[i].count);
	}
	assert_false(detect_duplicate(store, NULL, 1000, &first, &count));
	store_destroy(store);
}

static void duplicate__looks_back_no_further_than_it_promises(void **state)
{
	struct detect_options options = {.dedupe_window = 60 * TIMESTAMP_SECOND};
	struct store *store = store_empty();
	uint64_t first, count;

	(void)state;
	for (int i = 0; i < 5000; i++)
		store_say(store, at(i * 0.001), "a", LEVEL_ERROR, "failed");
	store_say(store, TIMESTAMP_NONE, "a", LEVEL_ERROR, "failed");
	store_publish(store);
	assert_true(detect_duplicate(store, &options, 5000, &first, &count));
	assert_int_equal(first, 3000);
	assert_int_equal(count, 2001);
	assert_true(detect_duplicate(store, &options, 100, &first, &count));
	assert_int_equal(first, 0);
	assert_int_equal(count, 101);
	store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duplicate__is_judged_against_the_last_occurrence),
		cmocka_unit_test(duplicate__looks_back_no_further_than_it_promises),
	};

	return cmocka_run_group_tests_name("detect/dedupe", tests, NULL, NULL);
}
