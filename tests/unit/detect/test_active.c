/*
 * Which pauses of a log are silences.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "detect/active.h"
#include "scenario.h"

static void read_active(struct scenario *scenario, struct active *active)
{
	const struct store *store = scenario_store(scenario);
	int error;

	assert_true(active_read(active, store, horizon_all(store), &error));
}

static void active__cuts_the_silences__and_only_them(void **state)
{
	static const struct {
		const char *what;
		double from, to, period, jitter; /* the log itself */
		double stray;                    /* one line more */
		size_t stretches;
	} rows[] = {
		{ "a line two hours before", 0, 600, 0.1, 0.9, -7200, 2 },
		{ "a line two hours after", 0, 600, 0.1, 0.9, 7800, 2 },
		{ "a line a little later", 0, 600, 0.1, 0.9, 640, 1 },
		{ "a slow log", 0, 36000, 300, 0.9, 36500, 1 },
		{ "a slow log and a line a day later", 0, 36000, 300, 0.9, 122400, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scenario scenario;
		struct active active;

		scenario_init(&scenario);
		repeat(&scenario, rows[i].from, rows[i].to, rows[i].period, rows[i].jitter, "a", LEVEL_INFO, "x");
		say(&scenario, rows[i].stray, "a", LEVEL_INFO, "stray");
		read_active(&scenario, &active);
		if (active.count != rows[i].stretches)
			fail_msg("%s: %zu stretches", rows[i].what, active.count);
		scenario_release(&scenario);
	}
}

/* A flood is no reason to call the rhythm before it a silence. */
static void active__keeps_the_slow_part__when_a_flood_follows(void **state)
{
	struct scenario scenario;
	struct active active;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 36000, 200, 0.9, "a", LEVEL_INFO, "x");
	repeat(&scenario, 36000, 36060, 0.01, 0, "a", LEVEL_ERROR, "flood");
	read_active(&scenario, &active);
	assert_int_equal(active.count, 1);
	scenario_release(&scenario);
}

static void active__counts_time_without_silences__and_back(void **state)
{
	struct scenario scenario;
	struct active active;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 101, 1, 0, "a", LEVEL_INFO, "x");
	repeat(&scenario, 5000, 5051, 1, 0, "a", LEVEL_INFO, "x");
	read_active(&scenario, &active);
	assert_int_equal(active.count, 2);
	assert_int_equal(active_length(&active), 150 * TIMESTAMP_SECOND + 2);
	assert_int_equal(active_before(&active, at(-5)), 0);
	assert_int_equal(active_before(&active, at(40)), 40 * TIMESTAMP_SECOND);
	assert_int_equal(active_before(&active, at(3000)), 100 * TIMESTAMP_SECOND + 1);
	assert_int_equal(active_before(&active, at(5010)), 110 * TIMESTAMP_SECOND + 1);
	assert_int_equal(active_time(&active, 40 * TIMESTAMP_SECOND), at(40));
	assert_int_equal(active_time(&active, 110 * TIMESTAMP_SECOND + 1), at(5010));
	assert_int_equal(active_time(&active, UINT64_MAX), at(5050) + 1);
	assert_int_equal(active_stretch(&active, at(-1)), 0);
	assert_int_equal(active_stretch(&active, at(3000)), 0);
	assert_int_equal(active_stretch(&active, at(5000)), 1);
	scenario_release(&scenario);
}

static void active__keeps_a_bounded_number__when_silences_are_many(void **state)
{
	struct scenario scenario;
	struct active active;

	(void)state;
	scenario_init(&scenario);
	for (int burst = 0; burst < 100; burst++)
		repeat(&scenario, burst * 3000, burst * 3000 + 100 + burst, 0.5, 0, "a", LEVEL_INFO, "x");
	read_active(&scenario, &active);
	assert_true(active.count > 10 && active.count <= ACTIVE_STRETCHES);
	assert_int_equal(active.stretches[0].from, at(0));
	scenario_release(&scenario);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(active__cuts_the_silences__and_only_them),
		cmocka_unit_test(active__keeps_the_slow_part__when_a_flood_follows),
		cmocka_unit_test(active__counts_time_without_silences__and_back),
		cmocka_unit_test(active__keeps_a_bounded_number__when_silences_are_many),
	};

	return cmocka_run_group_tests_name("detect/active", tests, NULL, NULL);
}
