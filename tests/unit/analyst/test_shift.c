#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "analyst/shift.h"
#include "tocsin/base/timestamp.h"

struct bench {
	struct context_text text;
	struct metrics metrics;
};

static int setup(void **state)
{
	static struct bench bench;

	*state = &bench;
	return context_text_init(&bench.text) || metrics_init(&bench.metrics, &bench.text);
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	metrics_release(&bench->metrics);
	context_text_release(&bench->text);
	return 0;
}

static const struct metric_series *series(struct bench *bench, const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		metrics_add(&bench->metrics, slice_of("db"), slice_of("use"), (int64_t)i * TIMESTAMP_MINUTE, values[i]);
	metrics_settle(&bench->metrics);
	return metrics_at(&bench->metrics, 0);
}

static void a_step__is_found_with_its_time_and_levels(void **state)
{
	static const double values[] = { 1, 1.2, 0.9, 1.1, 40, 1, 0.9, 1.1, 1, 90, 99, 100 };
	struct shift shift;

	assert_true(shift_find(series(*state, values, 12), INT64_MIN + 1, INT64_MAX, &shift));
	assert_int_equal(shift.time, 9 * TIMESTAMP_MINUTE);
	assert_true(shift.before > 0.9 && shift.before < 1.2);
	assert_true(shift.after == 99);
	assert_true(shift.strength > 0.8);
}

static void noise_and_one_odd_value__are_no_shift(void **state)
{
	static const double values[] = { 10, 12, 9, 11, 10, 12, 9, 60, 11, 10, 12, 9 };
	struct shift shift;

	assert_false(shift_find(series(*state, values, 12), INT64_MIN + 1, INT64_MAX, &shift));
}

static void what_comes_later__is_not_looked_at(void **state)
{
	static const double values[] = { 1, 1, 1, 1, 1, 1, 50, 50, 50, 50 };
	struct shift shift;

	assert_false(shift_find(series(*state, values, 10), INT64_MIN + 1, 7 * TIMESTAMP_MINUTE, &shift));
}

static void a_ramp__begins_where_it_leaves_its_level(void **state)
{
	double values[60];
	struct shift shift;

	for (int i = 0; i < 60; i++)
		values[i] = i < 20 ? 100 : 100 + 10 * (i - 20);
	assert_true(shift_find(series(*state, values, 60), INT64_MIN + 1, INT64_MAX, &shift));
	assert_true(shift.time >= 20 * TIMESTAMP_MINUTE && shift.time <= 32 * TIMESTAMP_MINUTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_step__is_found_with_its_time_and_levels, setup, teardown),
		cmocka_unit_test_setup_teardown(noise_and_one_odd_value__are_no_shift, setup, teardown),
		cmocka_unit_test_setup_teardown(what_comes_later__is_not_looked_at, setup, teardown),
		cmocka_unit_test_setup_teardown(a_ramp__begins_where_it_leaves_its_level, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
