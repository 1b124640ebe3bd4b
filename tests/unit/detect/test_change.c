/*
 * The statistics and the tables that detectors are built from.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "detect/change.h"
#include "detect/meter.h"
#include "tocsin/base/pairs.h"
#include "detect/recent.h"

#include <string.h>

static void change__finds_the_stretch__when_it_stands_out(void **state)
{
	uint32_t counts[CHANGE_BUCKETS];
	struct change change;

	(void)state;
	for (size_t i = 0; i < CHANGE_BUCKETS; i++)
		counts[i] = 2 + (uint32_t)(i % 3);
	assert_false(change_find(counts, CHANGE_BUCKETS, 1, NULL, &change));
	for (size_t i = 70; i < 90; i++)
		counts[i] += 20;
	assert_true(change_find(counts, CHANGE_BUCKETS, 1, NULL, &change));
	assert_int_equal(change.from, 70);
	assert_int_equal(change.to, 90);
}

static void change__finds_nothing__when_heaps_come_again_and_again(void **state)
{
	uint32_t counts[CHANGE_BUCKETS] = {0};
	struct change change;

	(void)state;
	for (size_t i = 5; i < CHANGE_BUCKETS; i += 20)
		counts[i] = 12;
	assert_false(change_find(counts, CHANGE_BUCKETS, 1, NULL, &change));
	memset(counts, 0, sizeof(counts));
	for (size_t i = 5; i < CHANGE_BUCKETS; i += 30)
		counts[i] = 1; /* strays */
	assert_false(change_find(counts, CHANGE_BUCKETS, 0, NULL, &change));
	assert_false(change_find(counts, 0, 0, NULL, &change));
}

static void change__compares_with_the_reference__when_it_is_given(void **state)
{
	uint32_t counts[CHANGE_BUCKETS];
	bool reference[CHANGE_BUCKETS] = {false};
	struct change change;

	(void)state;
	for (size_t i = 0; i < CHANGE_BUCKETS; i++)
		counts[i] = i < 80 ? 30 : 2;
	for (size_t i = 90; i < CHANGE_BUCKETS; i++)
		reference[i] = true;
	assert_true(change_find(counts, CHANGE_BUCKETS, 0, reference, &change));
	assert_int_equal(change.from, 0);
	assert_int_equal(change.to, 80);
}

static void point__skips_strays__when_errors_become_dense(void **state)
{
	int64_t second = INT64_C(1000000000), times[102];

	(void)state;
	times[0] = 3 * second;
	times[1] = 14 * second;
	for (int i = 0; i < 100; i++)
		times[2 + i] = 20 * second + i * second / 10;
	assert_int_equal(change_point(times, 102, 0, 31 * second, 1e-12), 2);
	assert_int_equal(change_point(times, 1, 0, 31 * second, 1e-12), 0);
}

static void pairs__keep_their_index__while_the_table_grows(void **state)
{
	struct pairs pairs;

	(void)state;
	pairs_init(&pairs, 3000);
	assert_int_equal(pairs_find(&pairs, 1, 1), PAIRS_NONE);
	for (uint32_t i = 0; i < 3000; i++)
		assert_int_equal(pairs_put(&pairs, i % 7, i), i);
	assert_int_equal(pairs_put(&pairs, 8, 8), PAIRS_NONE); /* full */
	for (uint32_t i = 0; i < 3000; i++) {
		assert_int_equal(pairs_put(&pairs, i % 7, i), i);
		assert_int_equal(pairs_find(&pairs, i % 7, i), i);
		assert_int_equal(pairs_first(&pairs, i), i % 7);
		assert_int_equal(pairs_second(&pairs, i), i);
	}
	assert_int_equal(pairs_find(&pairs, 1, 0), PAIRS_NONE);
	pairs_release(&pairs);
}

static void meter__counts_the_last_sixty_slots__when_time_goes_on_or_jumps(void **state)
{
	struct meter meter = {0};

	(void)state;
	assert_int_equal(meter_add(&meter, 1000, 10), 1);
	assert_int_equal(meter_add(&meter, 1005, 10), 2);
	assert_int_equal(meter_add(&meter, 1599, 10), 3); /* slot 159: 100 is the oldest of sixty */
	assert_int_equal(meter_add(&meter, 1600, 10), 2); /* slot 160: slot 100 fell out */
	assert_int_equal(meter_add(&meter, 1550, 10), 3); /* a little late */
	assert_int_equal(meter_add(&meter, 900000, 10), 1);
	assert_int_equal(meter_add(&meter, -900000, 10), 1);
}

static void recent__keeps_the_last__and_knows_the_window(void **state)
{
	struct recent recent = {0};

	(void)state;
	assert_false(recent_within(&recent, 0, 100));
	for (int i = 0; i < 5; i++)
		assert_true(recent_add(&recent, 3, (struct moment){.time = i * 10, .record = (uint64_t)i}));
	assert_int_equal(recent_at(&recent, 0)->record, 2);
	assert_int_equal(recent_at(&recent, 2)->record, 4);
	assert_true(recent_within(&recent, 40, 20));
	assert_false(recent_within(&recent, 41, 20));
	recent_release(&recent);
	assert_false(recent_add(&recent, RECENT_MAXIMUM + 1, (struct moment){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(change__finds_the_stretch__when_it_stands_out),
		cmocka_unit_test(change__finds_nothing__when_heaps_come_again_and_again),
		cmocka_unit_test(change__compares_with_the_reference__when_it_is_given),
		cmocka_unit_test(point__skips_strays__when_errors_become_dense),
		cmocka_unit_test(pairs__keep_their_index__while_the_table_grows),
		cmocka_unit_test(meter__counts_the_last_sixty_slots__when_time_goes_on_or_jumps),
		cmocka_unit_test(recent__keeps_the_last__and_knows_the_window),
	};

	return cmocka_run_group_tests_name("detect/change", tests, NULL, NULL);
}
