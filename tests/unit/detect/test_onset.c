/*
 * What broke first, in generated logs of which the truth is known.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scenario.h"
#include "tocsin/detect/onset.h"

#include <math.h>

/* Half an hour of four services going about their business, a noisy one and a few strays among them. */
static void background(struct scenario *scenario, double from, double to)
{
	repeat(scenario, from, to, 1.0, 0.9, "gateway", LEVEL_INFO, "request routed");
	repeat(scenario, from, to, 1.3, 0.9, "payment", LEVEL_INFO, "captured");
	repeat(scenario, from, to, 1.7, 0.9, "inventory", LEVEL_DEBUG, "stock read");
	repeat(scenario, from, to, 2.0, 0.9, "orders-db", LEVEL_INFO, "query done");
	repeat(scenario, from, to, 3.0, 0.9, "notifier", LEVEL_ERROR, "mail bounced");
	repeat(scenario, from, to, 2.5, 0.9, "notifier", LEVEL_INFO, "mail sent");
	repeat(scenario, from + 7, to, 60.0, 0, "orders-db", LEVEL_WARN, "checkpoint is slow");
}

static void strays(struct scenario *scenario)
{
	say(scenario, 311, "gateway", LEVEL_ERROR, "client went away");
	say(scenario, 642, "payment", LEVEL_ERROR, "card declined");
	say(scenario, 871, "inventory", LEVEL_ERROR, "bad sku");
	say(scenario, 1000, "gateway", LEVEL_ERROR, "client went away");
}

/* The database fails at `start`, the others 5, 12 and 13 seconds later; the gateway is the loudest. */
static void trouble(struct scenario *scenario, double start, double end)
{
	repeat(scenario, start, end, 2.0, 0, "orders-db", LEVEL_ERROR, "connection pool exhausted");
	repeat(scenario, start + 5, end, 1.0, 0, "inventory", LEVEL_ERROR, "query failed");
	repeat(scenario, start + 12, end, 0.9, 0, "payment", LEVEL_FATAL, "capture failed");
	repeat(scenario, start + 13, end, 0.1, 0, "gateway", LEVEL_ERROR, "upstream failed");
}

static void compute(struct scenario *scenario, struct onset_report *report)
{
	const struct store *store = scenario_store(scenario);

	assert_int_equal(onset_compute(store, horizon_all(store), NULL, report), 0);
}

static const struct onset *onset_of(
	const struct scenario *scenario, const struct onset_report *report, const char *name)
{
	uint32_t service = service_code(scenario->store, name);

	for (size_t i = 0; i < report->onsets.count; i++) {
		const struct onset *onset = vector_at(&report->onsets, i);
		if (onset->service == service)
			return onset;
	}
	fail_msg("no onset for %s", name);
	return NULL;
}

struct expected {
	const char *service;
	double second;
};

/* The abnormal services are exactly these, in this order, each from the very record it began with. */
static void expect_order(const struct scenario *scenario, const struct onset_report *report,
	const struct expected *expected, size_t count)
{
	assert_true(report->abnormal);
	for (size_t i = 0; i < count; i++) {
		const struct onset *onset = vector_at(&report->onsets, i);
		struct slice name = store_service_name(scenario->store, onset->service);
		if (!slice_is(name, expected[i].service) || onset->time != at(expected[i].second))
			fail_msg("place %zu: %.*s at %.3f, not %s at %.3f", i, (int)name.size, name.data,
				onset->time == TIMESTAMP_NONE ? -1.0 : (double)(onset->time - SCENARIO_ORIGIN) / 1e9,
				expected[i].service, expected[i].second);
		assert_int_equal(store_time(scenario->store, onset->record), onset->time);
		assert_true(onset->score > 0 && onset->score <= 1);
		assert_false(onset->background);
	}
	for (size_t i = count; i < report->onsets.count; i++)
		assert_true(((struct onset *)vector_at(&report->onsets, i))->time == TIMESTAMP_NONE);
}

static const struct expected usual_order[] = { { "orders-db", 1200 }, { "inventory", 1205 }, { "payment", 1212 },
	{ "gateway", 1213 } };

static void onset__gives_order_and_background__when_trouble_lasts_to_the_end(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	strays(&scenario);
	trouble(&scenario, 1200, 1800);
	compute(&scenario, &report);
	expect_order(&scenario, &report, usual_order, 4);
	assert_int_equal(report.baseline.from, report.extent.from);
	assert_int_equal(report.baseline.to, at(1200));
	const struct onset *database = onset_of(&scenario, &report, "orders-db");
	assert_true(database->new_template);
	assert_int_equal(database->errors_before, 0);
	assert_int_equal(database->errors_after, 300);
	assert_true(fabs(database->rate_after - 30) < 1);
	assert_int_equal(database->peak, 30);
	const struct onset *gateway = onset_of(&scenario, &report, "gateway");
	assert_int_equal(gateway->errors_before, 2);
	const struct onset *notifier = onset_of(&scenario, &report, "notifier");
	assert_true(notifier->background);
	assert_true(fabs(notifier->rate_before - notifier->rate_after) < 2);
	assert_ptr_equal(notifier, vector_at(&report.onsets, 4));
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__gives_the_same_order__when_it_recovers(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 3600);
	strays(&scenario);
	trouble(&scenario, 1200, 1500);
	compute(&scenario, &report);
	expect_order(&scenario, &report, usual_order, 4);
	assert_int_equal(report.baseline.to, at(1200));
	assert_true(onset_of(&scenario, &report, "notifier")->background);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__is_not_abnormal__when_the_log_is_quiet(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	strays(&scenario);
	compute(&scenario, &report);
	assert_false(report.abnormal);
	assert_int_equal(report.baseline.to, report.extent.to);
	assert_true(onset_of(&scenario, &report, "notifier")->background);
	assert_false(onset_of(&scenario, &report, "gateway")->background);
	assert_int_equal(report.onsets.count, 5);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__is_not_abnormal__at_any_horizon_before_the_trouble(void **state)
{
	struct scenario scenario;
	struct onset_report report;
	int64_t found = TIMESTAMP_NONE;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	strays(&scenario);
	trouble(&scenario, 1200, 1800);
	const struct store *store = scenario_store(&scenario);
	for (double second = 0.5; second < 1300; second += 4.7) {
		assert_int_equal(onset_compute(store, horizon_at(store, at(second)), NULL, &report), 0);
		if (report.abnormal && second < 1200)
			fail_msg("abnormal at second %.1f", second);
		for (size_t i = 0; i < report.onsets.count; i++) {
			const struct onset *onset = vector_at(&report.onsets, i);
			if (onset->time != TIMESTAMP_NONE)
				assert_true(onset->time <= at(second));
		}
		if (report.abnormal && found == TIMESTAMP_NONE) {
			found = at(second);
			const struct onset *first = vector_at(&report.onsets, 0);
			assert_int_equal(first->time, at(1200));
		}
		onset_report_release(&report);
	}
	/* Within fifteen seconds of the first error. */
	assert_true(found != TIMESTAMP_NONE && found < at(1215));
	scenario_release(&scenario);
}

static void onset__begins_with_the_warnings__when_they_are_new_and_rise_to_the_errors(void **state)
{
	static const double seconds[] = { 1150, 1163, 1174, 1182, 1188, 1192, 1195, 1197, 1198 };
	static const struct expected order[] = { { "orders-db", 1150 }, { "inventory", 1205 }, { "payment", 1212 },
		{ "gateway", 1213 } };
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	strays(&scenario);
	trouble(&scenario, 1200, 1800);
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++)
		say(&scenario, seconds[i], "orders-db", LEVEL_WARN, "connection pool at <*>");
	compute(&scenario, &report);
	expect_order(&scenario, &report, order, 4);
	assert_true(onset_of(&scenario, &report, "orders-db")->new_template);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__begins_with_the_errors__when_the_warnings_before_are_periodic(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	trouble(&scenario, 1200, 1800);
	repeat(&scenario, 3, 1800, 20, 0, "orders-db", LEVEL_WARN, "replica lags");
	repeat(&scenario, 950, 1800, 40, 0, "orders-db", LEVEL_WARN, "a new job takes long");
	compute(&scenario, &report);
	expect_order(&scenario, &report, usual_order, 4);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__ignores_a_stray__when_it_comes_shortly_before(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	strays(&scenario);
	trouble(&scenario, 1200, 1800);
	say(&scenario, 1176, "gateway", LEVEL_ERROR, "client went away");
	say(&scenario, 1190, "inventory", LEVEL_ERROR, "bad sku");
	compute(&scenario, &report);
	expect_order(&scenario, &report, usual_order, 4);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__finds_the_rise__when_the_service_was_noisy_before(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	repeat(&scenario, 900, 1800, 0.2, 0, "notifier", LEVEL_ERROR, "mail bounced");
	compute(&scenario, &report);
	assert_true(report.abnormal);
	const struct onset *notifier = vector_at(&report.onsets, 0);
	assert_int_equal(notifier->service, service_code(scenario.store, "notifier"));
	assert_true(llabs(notifier->time - at(900)) <= 3 * TIMESTAMP_SECOND);
	assert_false(notifier->new_template);
	assert_true(notifier->rate_before > 15 && notifier->rate_before < 25);
	assert_true(notifier->rate_after > 300);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__names_the_quiet_cause__when_it_said_little_but_new(void **state)
{
	static const struct expected order[] = { { "license", 1190 }, { "inventory", 1205 }, { "payment", 1212 },
		{ "gateway", 1213 } };
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	strays(&scenario);
	repeat(&scenario, 1205, 1800, 1.0, 0, "inventory", LEVEL_ERROR, "query failed");
	repeat(&scenario, 1212, 1800, 0.9, 0, "payment", LEVEL_FATAL, "capture failed");
	repeat(&scenario, 1213, 1800, 0.1, 0, "gateway", LEVEL_ERROR, "upstream failed");
	repeat(&scenario, 0, 1190, 30, 0, "license", LEVEL_INFO, "lease renewed");
	say(&scenario, 1190, "license", LEVEL_FATAL, "lease expired");
	compute(&scenario, &report);
	expect_order(&scenario, &report, order, 4);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__chooses_the_episode_of_most_services__when_another_was_louder(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	trouble(&scenario, 1200, 1500);
	repeat(&scenario, 400, 460, 0.01, 0, "batch", LEVEL_ERROR, "row rejected");
	compute(&scenario, &report);
	expect_order(&scenario, &report, usual_order, 4);
	onset_report_release(&report);
	scenario_release(&scenario);
}

/* --- what surrounds the trouble must not matter --- */

static void stray_lines(struct scenario *scenario)
{
	say(scenario, -7200, "gateway", LEVEL_INFO, "hello");
	say(scenario, -90000, "notifier", LEVEL_ERROR, "mail bounced");
	say(scenario, 1900, "payment", LEVEL_INFO, "hello");
	say(scenario, 9000, "orders-db", LEVEL_ERROR, "hello");
}

static void hours_before(struct scenario *scenario)
{
	background(scenario, -3 * 3600, 0);
}

static void hours_after(struct scenario *scenario)
{
	background(scenario, 1800, 1800 + 3 * 3600);
}

static void newcomer(struct scenario *scenario)
{
	repeat(scenario, 2100, 2120, 1, 0, "coupons", LEVEL_ERROR, "no route");
}

static void other_services_before(struct scenario *scenario)
{
	repeat(scenario, -7200, -6000, 1, 0.9, "nova-api", LEVEL_INFO, "request");
	repeat(scenario, -7200, -6000, 2, 0.9, "nova-compute", LEVEL_INFO, "claimed");
	repeat(scenario, -6400, -6000, 2, 0, "nova-compute", LEVEL_ERROR, "no memory");
	repeat(scenario, -6390, -6000, 1, 0, "nova-api", LEVEL_ERROR, "no valid host");
}

static void a_day_later(struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->count; i++)
		scenario->lines[i].time += TIMESTAMP_DAY;
	background(scenario, 0, 900);
}

static void onset__gives_the_same_order__whatever_surrounds_the_trouble(void **state)
{
	static const struct {
		void (*perturb)(struct scenario *scenario);
		double later;
		size_t others;
	} rows[] = { { stray_lines, 0, 0 }, { hours_before, 0, 0 }, { hours_after, 0, 0 }, { newcomer, 0, 1 },
		{ other_services_before, 0, 1 }, { a_day_later, 86400, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scenario scenario;
		struct onset_report report;
		struct expected order[4];

		scenario_init(&scenario);
		background(&scenario, 0, 1800);
		strays(&scenario);
		trouble(&scenario, 1200, 1500);
		rows[i].perturb(&scenario);
		for (size_t j = 0; j < 4; j++)
			order[j] = (struct expected){ usual_order[j].service, usual_order[j].second + rows[i].later };
		compute(&scenario, &report);
		expect_order(&scenario, &report, order, 4);
		assert_int_equal(report.baseline.to, at(1200 + rows[i].later));
		assert_int_equal(report.trouble.from, at(1200 + rows[i].later));
		assert_true(report.trouble.to <= at(1900 + rows[i].later));
		assert_true(report.ended >= at(1499 + rows[i].later) && report.ended <= at(1560 + rows[i].later));
		assert_true(onset_of(&scenario, &report, "notifier")->background);
		if (report.others.count != rows[i].others)
			fail_msg("row %zu: %zu others", i, report.others.count);
		for (size_t j = 0; j < report.onsets.count; j++) {
			const struct onset *onset = vector_at(&report.onsets, j);
			assert_true(!onset->background || onset->service == service_code(scenario.store, "notifier"));
		}
		onset_report_release(&report);
		scenario_release(&scenario);
	}
}

static void onset__finds_the_newcomer__when_nothing_else_is_wrong(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	newcomer(&scenario);
	compute(&scenario, &report);
	static const struct expected order[] = { { "coupons", 2100 } };
	expect_order(&scenario, &report, order, 1);
	assert_true(report.baseline.from < report.baseline.to);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__has_no_baseline__when_the_log_begins_in_the_trouble(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	for (int recovers = 0; recovers < 2; recovers++) {
		scenario_init(&scenario);
		trouble(&scenario, -20, 400);
		if (recovers)
			background(&scenario, 390, 1800);
		compute(&scenario, &report);
		assert_true(report.abnormal);
		assert_int_equal(report.baseline.from, report.baseline.to);
		for (size_t i = 0; i < 4; i++) {
			const struct onset *onset = vector_at(&report.onsets, i);
			assert_true(onset->time != TIMESTAMP_NONE);
			assert_false(onset->new_template);
			assert_true(onset->rate_before <= 0);
		}
		const struct onset *first = vector_at(&report.onsets, 0);
		assert_int_equal(first->service, service_code(scenario.store, "orders-db"));
		onset_report_release(&report);
		scenario_release(&scenario);
	}
}

static void onset__is_not_abnormal__when_there_are_no_levels(void **state)
{
	struct scenario scenario;
	struct onset_report report;

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	trouble(&scenario, 1200, 1800);
	for (size_t i = 0; i < scenario.count; i++)
		scenario.lines[i].level = LEVEL_UNKNOWN;
	compute(&scenario, &report);
	assert_false(report.abnormal);
	assert_int_equal(report.onsets.count, 5);
	assert_false(((struct onset *)vector_at(&report.onsets, 0))->background);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__compares_with_the_wanted_baseline__when_it_lies_after(void **state)
{
	struct scenario scenario;
	struct onset_report report;
	struct window wanted = { at(900), at(1800) };

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	trouble(&scenario, 30, 400);
	const struct store *store = scenario_store(&scenario);
	assert_int_equal(onset_compute(store, horizon_all(store), &wanted, &report), 0);
	assert_int_equal(report.baseline.from, wanted.from);
	assert_int_equal(report.baseline.to, wanted.to);
	static const struct expected order[] = { { "orders-db", 30 }, { "inventory", 35 }, { "payment", 42 },
		{ "gateway", 43 } };
	expect_order(&scenario, &report, order, 4);
	assert_true(onset_of(&scenario, &report, "orders-db")->new_template);
	onset_report_release(&report);
	scenario_release(&scenario);
}

static void onset__gives_the_same_order__when_some_clocks_are_wrong(void **state)
{
	struct scenario scenario;
	struct onset_report report;
	struct store *store = store_empty();

	(void)state;
	scenario_init(&scenario);
	background(&scenario, 0, 1800);
	trouble(&scenario, 1200, 1800);
	scenario_store(&scenario);
	store_say(store, 0, "orders-db", LEVEL_ERROR, "the epoch");
	for (size_t i = 0; i < scenario.count; i++) {
		const struct scenario_line *line = &scenario.lines[i];
		if (i == 500)
			store_say(store, at(2e9), "gateway", LEVEL_INFO, "request routed");
		store_say(store, line->time, line->service, line->level, line->text);
	}
	store_publish(store);
	store_destroy(scenario.store);
	scenario.store = store;
	assert_int_equal(onset_compute(store, horizon_all(store), NULL, &report), 0);
	expect_order(&scenario, &report, usual_order, 4);
	assert_int_equal(report.extent.from, 0);
	assert_int_equal(report.baseline.to, at(1200));
	assert_true(onset_of(&scenario, &report, "orders-db")->rate_after > 29);
	onset_report_release(&report);
	scenario_release(&scenario);
}

/* Independent errors at a rate, in seconds between them on average. */
static void err_at_random(
	struct scenario *scenario, double from, double to, double mean, const char *service, const char *text)
{
	for (double second = from; second < to; second -= mean * log(1 - scenario_random(scenario)))
		say(scenario, second, service, LEVEL_ERROR, text);
}

static void onset__tells_trouble_from_chance__when_all_services_err_at_random(void **state)
{
	struct onset_report report;

	(void)state;
	for (uint64_t round = 1; round <= 12; round++) {
		struct scenario scenario;
		scenario_init(&scenario);
		scenario.random += round * 7919;
		repeat(&scenario, 0, 1800, 0.7, 0.9, "web", LEVEL_INFO, "request");
		err_at_random(&scenario, 3, 1800, 2, "noisy", "bounced");
		err_at_random(&scenario, 7, 1800, 20, "sparse", "rejected");
		err_at_random(&scenario, 40, 1800, 300, "web", "odd");
		err_at_random(&scenario, 90, 1800, 500, "db", "odd");
		err_at_random(&scenario, 1400, 1800, 2, "db", "no space left");
		err_at_random(&scenario, 1404, 1800, 0.3, "web", "upstream failed");
		const struct store *store = scenario_store(&scenario);
		for (double second = 30; second < 1400; second += 30) {
			assert_int_equal(onset_compute(store, horizon_at(store, at(second)), NULL, &report), 0);
			if (report.abnormal)
				fail_msg("round %u: abnormal at second %.0f", (unsigned)round, second);
			onset_report_release(&report);
		}
		assert_int_equal(onset_compute(store, horizon_all(store), NULL, &report), 0);
		static const struct expected order[] = { { "db", 1400 }, { "web", 1404 } };
		expect_order(&scenario, &report, order, 2);
		assert_true(onset_of(&scenario, &report, "noisy")->background);
		assert_true(onset_of(&scenario, &report, "sparse")->background);
		onset_report_release(&report);
		scenario_release(&scenario);
	}
}

static void onset__answers__when_there_is_nothing_or_no_time(void **state)
{
	struct onset_report report;
	struct store *store = store_empty();

	(void)state;
	store_publish(store);
	assert_int_equal(onset_compute(store, horizon_all(store), NULL, &report), 0);
	assert_false(report.abnormal);
	assert_int_equal(report.onsets.count, 0);
	onset_report_release(&report);
	for (int i = 0; i < 100; i++)
		store_say(store, TIMESTAMP_NONE, "a", LEVEL_ERROR, "failed");
	store_publish(store);
	assert_int_equal(onset_compute(store, horizon_all(store), NULL, &report), 0);
	assert_false(report.abnormal);
	onset_report_release(&report);
	store_destroy(store);
}

static void onset__survives__when_times_are_centuries_apart(void **state)
{
	struct onset_report report;
	struct store *store = store_empty();

	(void)state;
	for (int i = 0; i < 50; i++)
		store_say(store, INT64_MIN + 1 + i * TIMESTAMP_SECOND, "a", LEVEL_ERROR, "failed");
	for (int i = 0; i < 50; i++)
		store_say(store, INT64_MAX - 60 * TIMESTAMP_SECOND + i * TIMESTAMP_SECOND, "b", LEVEL_FATAL,
			"failed too");
	store_publish(store);
	assert_int_equal(onset_compute(store, horizon_all(store), NULL, &report), 0);
	onset_report_release(&report);
	store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(onset__gives_order_and_background__when_trouble_lasts_to_the_end),
		cmocka_unit_test(onset__gives_the_same_order__when_it_recovers),
		cmocka_unit_test(onset__is_not_abnormal__when_the_log_is_quiet),
		cmocka_unit_test(onset__is_not_abnormal__at_any_horizon_before_the_trouble),
		cmocka_unit_test(onset__begins_with_the_warnings__when_they_are_new_and_rise_to_the_errors),
		cmocka_unit_test(onset__begins_with_the_errors__when_the_warnings_before_are_periodic),
		cmocka_unit_test(onset__ignores_a_stray__when_it_comes_shortly_before),
		cmocka_unit_test(onset__finds_the_rise__when_the_service_was_noisy_before),
		cmocka_unit_test(onset__names_the_quiet_cause__when_it_said_little_but_new),
		cmocka_unit_test(onset__chooses_the_episode_of_most_services__when_another_was_louder),
		cmocka_unit_test(onset__gives_the_same_order__whatever_surrounds_the_trouble),
		cmocka_unit_test(onset__finds_the_newcomer__when_nothing_else_is_wrong),
		cmocka_unit_test(onset__has_no_baseline__when_the_log_begins_in_the_trouble),
		cmocka_unit_test(onset__is_not_abnormal__when_there_are_no_levels),
		cmocka_unit_test(onset__compares_with_the_wanted_baseline__when_it_lies_after),
		cmocka_unit_test(onset__gives_the_same_order__when_some_clocks_are_wrong),
		cmocka_unit_test(onset__tells_trouble_from_chance__when_all_services_err_at_random),
		cmocka_unit_test(onset__answers__when_there_is_nothing_or_no_time),
		cmocka_unit_test(onset__survives__when_times_are_centuries_apart),
	};

	return cmocka_run_group_tests_name("detect/onset", tests, NULL, NULL);
}
