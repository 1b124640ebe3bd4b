/*
 * What should have been logged and was not; what is watched; and how often a quiet day is disturbed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>

#include "scenario.h"
#include "tocsin/detect/detect.h"

static struct detect *run(struct scenario *scenario, const struct detect_options *options)
{
	struct detect *detect = detect_create(options);
	const struct store *store = scenario_store(scenario);

	assert_non_null(detect);
	while (detect_advance(detect, store, horizon_all(store), 1000))
		continue;
	return detect;
}

static size_t count_kind(const struct detect *detect, enum finding_kind kind, const struct finding **last)
{
	size_t count = 0;

	for (size_t i = 0; i < detect_count(detect); i++) {
		if (detect_finding(detect, i)->kind != kind)
			continue;
		*last = detect_finding(detect, i);
		count++;
	}
	return count;
}

static void missing__is_raised_once__when_a_service_falls_silent(void **state)
{
	struct scenario scenario;
	const struct finding *finding = NULL;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 1200, 1, 0.9, "gateway", LEVEL_INFO, "GET <*> 200");
	repeat(&scenario, 0, 700, 10, 0.3, "worker", LEVEL_INFO, "heartbeat <*>");
	repeat(&scenario, 0, 700, 7, 0.9, "worker", LEVEL_INFO, "job <*> done");
	struct detect *detect = run(&scenario, NULL);
	assert_int_equal(count_kind(detect, FINDING_MISSING_TEMPLATE, &finding), 1);
	assert_int_equal(finding->services[0], service_code(scenario.store, "worker"));
	assert_true(finding->start >= at(670) && finding->start <= at(700));
	assert_true(finding->raised >= at(800) && finding->raised <= at(900));
	assert_true(finding->end >= at(1180));
	assert_int_equal(finding->count, 2);
	assert_true(finding->evidence_count == 2);
	assert_non_null(strstr(finding->sentence, "worker no longer says \""));
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void missing__stays_silent__for_a_pause_a_rare_line_a_job_and_a_quiet_log(void **state)
{
	struct scenario scenario;
	const struct finding *finding = NULL;

	(void)state;
	scenario_init(&scenario);
	/* All is quiet for a while; the rest goes on as it was. */
	repeat(&scenario, 0, 2000, 1, 0.9, "gateway", LEVEL_INFO, "GET <*> 200");
	repeat(&scenario, 2600, 4600, 1, 0.9, "gateway", LEVEL_INFO, "GET <*> 200");
	repeat(&scenario, 0, 4600, 10, 0.3, "worker", LEVEL_INFO, "heartbeat <*>");
	/* Comes and goes. */
	repeat(&scenario, 0, 4600, 300, 1, "worker", LEVEL_INFO, "cache refreshed");
	/* Was busy for a sixth of the time, from the middle on. */
	repeat(&scenario, 1500, 2000, 5, 0.5, "batch", LEVEL_INFO, "row <*> written");
	/* An error that is no more is no trouble. */
	repeat(&scenario, 0, 900, 10, 0.5, "worker", LEVEL_WARN, "slow disk");
	struct detect *detect = run(&scenario, NULL);
	if (count_kind(detect, FINDING_MISSING_TEMPLATE, &finding) > 0)
		fail_msg("%s", finding->sentence);
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void watch__chooses__what_is_looked_at(void **state)
{
	static const struct {
		const char *watch;
		size_t findings;
	} cases[] = {
		{ "", 2 },
		{ "service:a", 1 },
		{ "-service:a -service:b", 0 },
		{ "source:*.csv level>=error", 2 },
		{ "source:other*", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scenario scenario;
		struct detect_options options = { .threshold_count = 5 };
		const struct finding *finding;
		scenario_init(&scenario);
		repeat(&scenario, 0, 10, 1, 0, "a", LEVEL_ERROR, "failed");
		repeat(&scenario, 100, 110, 1, 0, "b", LEVEL_ERROR, "failed");
		slice_copy(slice_of(cases[i].watch), options.watch, sizeof(options.watch));
		struct detect *detect = run(&scenario, &options);
		assert_int_equal(count_kind(detect, FINDING_THRESHOLD, &finding), cases[i].findings);
		detect_destroy(detect);
		scenario_release(&scenario);
	}
	struct store *store = store_empty();
	struct error error = { 0 };
	assert_int_equal(detect_check_watch(slice_of("source:*-prod*"), store, &error), 0);
	assert_int_equal(detect_check_watch(slice_of("timeout"), store, &error), ERROR_INPUT);
	assert_non_null(strstr(error.text, "detect.watch"));
	assert_int_equal(detect_check_watch(slice_of("level>="), store, &error), ERROR_INPUT);
	store_destroy(store);
}

/* A day of nine services: traffic that follows the sun, a few errors an hour each, a batch at night, heartbeats. */
static void make_day(struct scenario *scenario, uint64_t seed)
{
	static const char *const services[] = { "gateway", "auth", "orders", "payment", "search", "mail", "db" };
	static const char *const texts[] = { "GET <*> <*>", "user <*> seen", "query took <*> ms", "cache hit <*>" };

	scenario->random = seed;
	for (double second = 0; second < 86400;) {
		double sun = 1 - 0.8 * (second < 21600 || second > 79200);
		const char *service = services[(size_t)(scenario_random(scenario) * 7)];
		double kind = scenario_random(scenario);
		second += 2.2 / sun * -1 * log(1 - scenario_random(scenario));
		if (kind < 0.0015)
			say(scenario, second, service, LEVEL_ERROR, "request <*> failed");
		else if (kind < 0.01)
			say(scenario, second, service, LEVEL_WARN, "retry <*>");
		else
			say(scenario, second, service, LEVEL_INFO, texts[(size_t)(scenario_random(scenario) * 4)]);
	}
	repeat(scenario, 0, 86400, 30, 0.2, "worker", LEVEL_INFO, "heartbeat");
	repeat(scenario, 7200, 9000, 1, 0.9, "batch", LEVEL_INFO, "row <*>");
	for (int i = 0; i < 3; i++) /* a connection is lost now and then */
		say(scenario, 20000.0 * i + 500, "mail", LEVEL_ERROR, "connection reset by peer");
}

static void quiet_days__raise_hardly_anything(void **state)
{
	size_t findings = 0;

	(void)state;
	for (uint64_t day = 0; day < 4; day++) {
		struct scenario scenario;
		scenario_init(&scenario);
		make_day(&scenario, 88172645463325252U + day * 7919);
		struct detect *detect = run(&scenario, NULL);
		for (size_t i = 0; i < detect_count(detect); i++)
			print_message("# day %u: %s: %s\n", (unsigned)day,
				finding_kind_name(detect_finding(detect, i)->kind),
				detect_finding(detect, i)->sentence);
		findings += detect_count(detect);
		detect_destroy(detect);
		scenario_release(&scenario);
	}
	print_message("# %zu findings in 4 quiet days\n", findings);
	assert_true(findings <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing__is_raised_once__when_a_service_falls_silent),
		cmocka_unit_test(missing__stays_silent__for_a_pause_a_rare_line_a_job_and_a_quiet_log),
		cmocka_unit_test(watch__chooses__what_is_looked_at),
		cmocka_unit_test(quiet_days__raise_hardly_anything),
	};

	return cmocka_run_group_tests_name("detect/missing", tests, NULL, NULL);
}
