/*
 * What metrics and traces raise: a positive of each kind, a near miss that stays silent, and a noisy background.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>

#include "detect/robust.h"
#include "detect/series.h"
#include "scenario.h"
#include "tocsin/detect/detect.h"

#define MINUTES(n) ((n)*60.0)

struct bench {
	struct scenario scenario;
	struct context *context;
};

static void bench_init(struct bench *bench)
{
	scenario_init(&bench->scenario);
	bench->context = context_create();
	assert_non_null(bench->context);
}

static void metric(struct bench *bench, double second, const char *service, const char *name, double value)
{
	assert_int_equal(
		metrics_add(&bench->context->metrics, slice_of(service), slice_of(name), at(second), value), 0);
}

/* 0.5 to 1.5, and in one of 25 times some times as much: as latencies are. */
static double noise(struct bench *bench)
{
	double value = 0.5 + scenario_random(&bench->scenario);

	return scenario_random(&bench->scenario) < 0.04 ? value * (1 + 2 * scenario_random(&bench->scenario)) : value;
}

/* Metrics are fed by the clock of a log that says something every ten seconds, up to `until`. */
static struct detect *run(struct bench *bench, double until)
{
	struct detect *detect = detect_create(NULL);
	const struct store *store;

	repeat(&bench->scenario, 0, until, 10, 0, "orders", LEVEL_INFO, "tick");
	store = scenario_store(&bench->scenario);
	assert_int_equal(context_settle(bench->context), 0);
	assert_int_equal(detect_use_context(detect, bench->context), 0);
	while (detect_advance(detect, store, horizon_all(store), 100))
		continue;
	return detect;
}

static void end(struct bench *bench, struct detect *detect)
{
	detect_destroy(detect);
	context_destroy(bench->context);
	scenario_release(&bench->scenario);
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

static void latency__rises_once__for_all_metrics_of_a_service(void **state)
{
	struct bench bench;
	const struct finding *finding = NULL;

	(void)state;
	bench_init(&bench);
	for (double second = 0; second < MINUTES(60); second += 60) {
		double slow = second >= MINUTES(40) && second < MINUTES(50) ? 20 : 1;
		metric(&bench, second, "payment", "http_server_duration_p99_ms", 60 * slow * noise(&bench));
		metric(&bench, second, "payment", "RequestLatencyP50(s)", 0.02 * slow * noise(&bench));
		metric(&bench, second, "orders", "http_server_duration_p99_ms", 80 * noise(&bench));
	}
	struct detect *detect = run(&bench, MINUTES(60));
	assert_int_equal(count_kind(detect, FINDING_LATENCY_SPIKE, &finding), 1);
	assert_int_equal(finding->start, at(MINUTES(40)));
	assert_true(finding->raised <= at(MINUTES(42)));
	assert_true(finding->end >= at(MINUTES(48)) && finding->end < at(MINUTES(50)));
	assert_non_null(strstr(finding->sentence, "payment: latency rose from "));
	assert_int_equal(finding->service_count, 0); /* it logs nothing */
	assert_true(slice_is(finding->series_service, "payment"));
	end(&bench, detect);
}

static void latency__stays_silent__for_one_peak_and_for_a_small_rise(void **state)
{
	struct bench bench;
	const struct finding *finding = NULL;

	(void)state;
	bench_init(&bench);
	for (double second = 0; second < MINUTES(120); second += 60) {
		double peak = second == MINUTES(70) ? 40 : 1, rise = second >= MINUTES(60) ? 2 : 1;
		metric(&bench, second, "payment", "latency_ms", 60 * peak * noise(&bench));
		metric(&bench, second, "orders", "latency_ms", 60 * rise * noise(&bench));
		metric(&bench, second, "search", "latency_ms", second >= MINUTES(60) ? 20 : 1); /* below 50 ms more */
	}
	struct detect *detect = run(&bench, MINUTES(120));
	assert_int_equal(count_kind(detect, FINDING_LATENCY_SPIKE, &finding), 0);
	end(&bench, detect);
}

static void latency__is_seen_in_traces__where_the_time_is_spent(void **state)
{
	struct bench bench;
	const struct finding *finding = NULL;

	(void)state;
	bench_init(&bench);
	for (double second = 0; second < MINUTES(20); second += 1) {
		double database = second >= MINUTES(15) ? 2.0 : 0.02;
		struct span root = { .id = slice_of("a"),
			.service = slice_of("orders"),
			.start = at(second),
			.duration = (int64_t)((0.03 * noise(&bench) + database) * 1e9) };
		struct span child = { .id = slice_of("b"),
			.parent_id = slice_of("a"),
			.service = slice_of("db"),
			.start = root.start + 1000000,
			.duration = (int64_t)(database * noise(&bench) * 0.6 * 1e9) };
		char trace[32];

		snprintf(trace, sizeof(trace), "t%.0f", second);
		if (child.duration > root.duration - 20000000)
			child.duration = root.duration - 20000000;
		if (child.duration < 0)
			child.duration = 0;
		root.duration = child.duration + 30000000;
		assert_int_equal(traces_add(&bench.context->traces, slice_of(trace), &root), 0);
		assert_int_equal(traces_add(&bench.context->traces, slice_of(trace), &child), 0);
	}
	struct detect *detect = run(&bench, MINUTES(20));
	assert_int_equal(count_kind(detect, FINDING_LATENCY_SPIKE, &finding), 1);
	assert_non_null(strstr(finding->sentence, "db: half of its times rose from "));
	end(&bench, detect);
}

static void leak__is_raised__for_memory_that_only_grows(void **state)
{
	struct bench bench;
	const struct finding *finding = NULL;

	(void)state;
	bench_init(&bench);
	for (double second = 0; second < MINUTES(120); second += 30) {
		double grown = second > MINUTES(60) ? (second - MINUTES(60)) / 60 * 8 : 0;
		metric(&bench, second, "orders", "container_memory_rss_mb", 300 + grown + 20 * noise(&bench));
	}
	struct detect *detect = run(&bench, MINUTES(120));
	assert_int_equal(count_kind(detect, FINDING_MEMORY_LEAK, &finding), 1);
	assert_true(finding->raised > at(MINUTES(60)) && finding->raised < at(MINUTES(115)));
	assert_int_equal(finding->services[0], service_code(bench.scenario.store, "orders"));
	assert_non_null(strstr(finding->sentence, "orders: memory grew from "));
	assert_non_null(strstr(finding->sentence, "MiB"));
	end(&bench, detect);
}

static void leak__stays_silent__for_teeth_a_start_that_levels_off_and_a_day(void **state)
{
	struct bench bench;
	const struct finding *finding = NULL;

	(void)state;
	bench_init(&bench);
	for (double second = 0; second < MINUTES(24 * 60); second += 60) {
		double tooth = fmod(second, MINUTES(12)) / MINUTES(12), day = sin(second / MINUTES(24 * 60) * 6.283);
		metric(&bench, second, "teeth", "go_heap_inuse_mb", 200 + 600 * tooth);
		metric(&bench, second, "start", "memory_bytes",
			4e8 * (1 - exp(-second / MINUTES(5))) + 1e7 * noise(&bench));
		metric(&bench, second, "day", "MemoryUsage(Mi)", 500 + 150 * day + 20 * noise(&bench));
		metric(&bench, second, "limit", "container_memory_limit_mb", 100 + second);
	}
	struct detect *detect = run(&bench, MINUTES(24 * 60));
	if (count_kind(detect, FINDING_MEMORY_LEAK, &finding) > 0)
		fail_msg("%s", finding->sentence);
	end(&bench, detect);
}

static void metrics__are_seen_no_sooner__than_the_clock_of_the_log(void **state)
{
	struct bench bench;
	const struct finding *finding = NULL;

	(void)state;
	bench_init(&bench);
	for (double second = 0; second < MINUTES(60); second += 60)
		metric(&bench, second, "payment", "latency_ms", second >= MINUTES(40) ? 900 : 60);
	struct detect *detect = run(&bench, MINUTES(30));
	assert_int_equal(count_kind(detect, FINDING_LATENCY_SPIKE, &finding), 0);
	detect_conclude(detect, bench.scenario.store);
	assert_int_equal(count_kind(detect, FINDING_LATENCY_SPIKE, &finding), 1);
	assert_true(finding->raised >= at(MINUTES(40)));
	detect_reset(detect);
	assert_int_equal(detect_count(detect), 0);
	end(&bench, detect);
}

static void series__are_told_by_their_names(void **state)
{
	static const struct {
		const char *name;
		enum series_kind kind;
		double unit;
	} cases[] = {
		{ "http_server_duration_p99_ms", SERIES_LATENCY, 1e-3 },
		{ "PodServerLatencyP95(s)", SERIES_LATENCY, 1 },
		{ "request_duration_seconds", SERIES_LATENCY, 1 },
		{ "db_pool_wait_seconds_p99", SERIES_LATENCY, 1 },
		{ "http_request_duration_seconds_count", SERIES_NONE, 1 },
		{ "MemoryUsage(Mi)", SERIES_MEMORY, 1048576 },
		{ "process_resident_memory_bytes", SERIES_MEMORY, 1 },
		{ "go_heap_inuse_mb", SERIES_MEMORY, 1048576 },
		{ "MemoryUsageRate(%)", SERIES_NONE, 1 },
		{ "container_memory_limit_mb", SERIES_NONE, 1 },
		{ "NodeMemoryUsage", SERIES_NONE, 1 },
		{ "cpu_utilization", SERIES_NONE, 1 },
		{ "error_rate_5xx_ratio", SERIES_NONE, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double unit;
		if (series_kind_of(slice_of(cases[i].name), &unit) != cases[i].kind ||
			(cases[i].kind != SERIES_NONE && fabs(unit / cases[i].unit - 1) > 1e-9))
			fail_msg("%s", cases[i].name);
	}
}

/* Worked by hand: 1 3 2 4 5 6 8 7 has 26 rising and 2 falling pairs; S = 24, variance 8*7*21/18. */
static void robust__agrees_with_numbers_worked_by_hand(void **state)
{
	static const double values[] = { 1, 3, 2, 4, 5, 6, 8, 7 }, odd[] = { 1, 2, 3, 4, 1000 };
	double median, deviation;

	(void)state;
	assert_true(fabs(robust_trend(values, 8) - 23 / sqrt(8 * 7 * 21 / 18.0)) < 1e-9);
	assert_true(fabs(robust_slope(NULL, odd, 5) - 1) < 1e-9);
	robust_center(odd, 5, &median, &deviation);
	assert_true(fabs(median - 3) < 1e-9 && fabs(deviation - 1.4826) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latency__rises_once__for_all_metrics_of_a_service),
		cmocka_unit_test(latency__stays_silent__for_one_peak_and_for_a_small_rise),
		cmocka_unit_test(latency__is_seen_in_traces__where_the_time_is_spent),
		cmocka_unit_test(leak__is_raised__for_memory_that_only_grows),
		cmocka_unit_test(leak__stays_silent__for_teeth_a_start_that_levels_off_and_a_day),
		cmocka_unit_test(metrics__are_seen_no_sooner__than_the_clock_of_the_log),
		cmocka_unit_test(series__are_told_by_their_names),
		cmocka_unit_test(robust__agrees_with_numbers_worked_by_hand),
	};

	return cmocka_run_group_tests_name("detect/series", tests, NULL, NULL);
}
