/*
 * Findings: what raises them, what they say, how they last, and that they do not depend on how the log was fed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scenario.h"
#include "tocsin/detect/detect.h"

static struct detect *detect_all(struct scenario *scenario, const struct detect_options *options)
{
	struct detect *detect = detect_create(options);
	const struct store *store = scenario_store(scenario);

	assert_non_null(detect);
	assert_false(detect_advance(detect, store, horizon_all(store), UINT64_MAX));
	assert_int_equal(detect_seen(detect), store_count(store));
	assert_int_equal(detect_lost(detect), 0);
	return detect;
}

/* The one finding of a kind, or NULL; `service` NULL: of any. */
static const struct finding *find_service(
	const struct scenario *scenario, const struct detect *detect, enum finding_kind kind, const char *service)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < detect_count(detect); i++) {
		const struct finding *finding = detect_finding(detect, i);
		if (finding->kind != kind ||
			(service != NULL && finding->services[0] != service_code(scenario->store, service)))
			continue;
		if (found != NULL)
			fail_msg("two findings of kind %s: %s / %s", finding_kind_name(kind), found->sentence,
				finding->sentence);
		found = finding;
	}
	return found;
}

static const struct finding *find_kind(
	const struct scenario *scenario, const struct detect *detect, enum finding_kind kind)
{
	return find_service(scenario, detect, kind, NULL);
}

static void threshold__is_raised__when_five_errors_fall_within_a_minute(void **state)
{
	/* The times of errors, whether a finding is raised, and when. */
	static const struct {
		double seconds[8];
		size_t count;
		double raised; /* 0: never */
	} cases[] = {
		{{10, 20, 30, 40}, 4, 0},
		{{10, 20, 30, 40, 70}, 5, 70},
		{{10, 20, 30, 40, 70.001}, 5, 0},
		{{10, 20, 30, 40, 71, 72}, 6, 72},
		{{10, 10, 10, 10, 10}, 5, 10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scenario scenario;
		scenario_init(&scenario);
		for (size_t j = 0; j < cases[i].count; j++)
			say(&scenario, cases[i].seconds[j], "db", LEVEL_ERROR, "failed");
		struct detect *detect = detect_all(&scenario, NULL);
		const struct finding *finding = find_kind(&scenario, detect, FINDING_THRESHOLD);
		assert_int_equal(finding != NULL, cases[i].raised > 0);
		if (finding != NULL) {
			assert_int_equal(finding->raised, at(cases[i].raised));
			assert_int_equal(finding->start, at(cases[i].seconds[cases[i].count - 5]));
			assert_int_equal(finding->end, finding->raised);
			assert_int_equal(finding->count, 5);
			assert_int_equal(finding->evidence_count, 5);
			assert_int_equal(finding->evidence[0], cases[i].count - 5);
			assert_string_equal(finding->sentence, "db: 5 errors in 60 s, 5 is the limit");
		}
		detect_destroy(detect);
		scenario_release(&scenario);
	}
}

static void threshold__counts_over_all__when_no_service_is_over_it(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	say(&scenario, 1, "a", LEVEL_ERROR, "failed");
	say(&scenario, 2, "b", LEVEL_FATAL, "failed");
	say(&scenario, 3, "c", LEVEL_ERROR, "failed");
	say(&scenario, 4, "a", LEVEL_ERROR, "failed");
	say(&scenario, 5, "b", LEVEL_WARN, "slow");
	say(&scenario, 6, "b", LEVEL_ERROR, "failed");
	struct detect *detect = detect_all(&scenario, NULL);
	const struct finding *finding = find_kind(&scenario, detect, FINDING_THRESHOLD);
	assert_non_null(finding);
	assert_string_equal(finding->sentence, "5 errors in 60 s over 3 services, 5 is the limit");
	assert_int_equal(finding->service_count, 3);
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void threshold__grows_and_returns_only_after_quiet__when_errors_go_on(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 100, 120, 0.5, 0, "db", LEVEL_ERROR, "failed"); /* 40 */
	repeat(&scenario, 400, 410, 1, 0, "db", LEVEL_ERROR, "failed");   /* 280.5 s of quiet: the same */
	repeat(&scenario, 900, 905, 1, 0, "db", LEVEL_ERROR, "failed");   /* another */
	struct detect *detect = detect_all(&scenario, NULL);
	const struct finding *found[4];
	size_t count = 0;
	for (size_t i = 0; i < detect_count(detect); i++)
		if (detect_finding(detect, i)->kind == FINDING_THRESHOLD)
			found[count++] = detect_finding(detect, i);
	assert_int_equal(count, 2);
	assert_string_equal(found[0]->sentence, "db: 40 errors in 60 s, 5 is the limit");
	assert_int_equal(found[0]->start, at(100));
	assert_int_equal(found[0]->raised, at(102));
	assert_int_equal(found[0]->end, at(409));
	assert_int_equal(found[0]->count, 46); /* 40 and, of the 10 later ones, those from the fifth on */
	assert_int_equal(found[0]->evidence_count, FINDING_EVIDENCE);
	assert_int_equal(found[1]->start, at(900));
	assert_true(found[0]->score > found[1]->score);
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void spike__compares_with_the_own_rate__when_a_service_is_noisy(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 900, 1, 0, "noisy", LEVEL_ERROR, "bounced");
	repeat(&scenario, 0, 900, 150, 0, "calm", LEVEL_ERROR, "odd");
	repeat(&scenario, 600, 660, 0.5, 0, "calm", LEVEL_ERROR, "failed");
	struct detect *detect = detect_all(&scenario, NULL);
	assert_null(find_service(&scenario, detect, FINDING_ERROR_SPIKE, "noisy"));
	const struct finding *spike = find_service(&scenario, detect, FINDING_ERROR_SPIKE, "calm");
	assert_non_null(spike);
	assert_string_equal(spike->sentence, "calm: errors rose from 0.4 to 126 a minute");
	assert_int_equal(spike->start, at(600));
	assert_int_equal(spike->raised, at(604)); /* the stray at 600 is its first, then one every half second */
	assert_int_equal(spike->count, 121);
	assert_int_equal(spike->end, at(659.5));
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void spike__is_not_raised__while_the_log_is_learned(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 59, 0.5, 0, "db", LEVEL_ERROR, "failed");
	struct detect *detect = detect_all(&scenario, NULL);
	assert_null(find_kind(&scenario, detect, FINDING_ERROR_SPIKE));
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void connection__knows_the_class__by_the_words_of_the_template(void **state)
{
	static const struct {
		const char *text;
		const char *class; /* NULL: no connection */
	} cases[] = {
		{"connect to <*> failed: Connection refused", "refused"},
		{"read: Connection reset by peer", "reset"},
		{"Warehouse unreachable", "unreachable"},
		{"request to <*> timed out after <*> ms", "timed out"},
		{"Timeout waiting for connection from pool", "pool exhausted"},
		{"connection pool exhausted (<*>/<*>)", "pool exhausted"},
		{"cannot obtain connection, giving up", "pool exhausted"},
		{"Temporary failure in name resolution", "name not resolved"},
		{"TLS handshake with <*> failed", "TLS failed"},
		{"certificate has expired", "TLS failed"},
		{"card declined", NULL},
		{"payment refused by issuer", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scenario scenario;
		char sentence[FINDING_SENTENCE];
		scenario_init(&scenario);
		repeat(&scenario, 10, 50, 10, 0, "api", LEVEL_WARN, cases[i].text);
		repeat(&scenario, 10, 50, 10, 0, "informed", LEVEL_INFO, cases[i].text);
		struct detect *detect = detect_all(&scenario, NULL);
		const struct finding *finding = find_kind(&scenario, detect, FINDING_CONNECTION_FAILURE);
		if ((finding != NULL) != (cases[i].class != NULL))
			fail_msg("%s", cases[i].text);
		if (finding != NULL) {
			snprintf(sentence, sizeof(sentence), "api: 4 connection failures (%s)", cases[i].class);
			assert_string_equal(finding->sentence, sentence);
			assert_int_equal(finding->raised, at(30));
			assert_int_equal(finding->end, at(40));
		}
		detect_destroy(detect);
		scenario_release(&scenario);
	}
}

static void novelty__is_raised__when_something_new_is_repeated_or_fatal(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 400, 7, 0, "api", LEVEL_WARN, "usual");      /* learned */
	repeat(&scenario, 100, 400, 40, 0, "api", LEVEL_WARN, "rare");    /* never three in a minute */
	repeat(&scenario, 100, 103, 1, 0, "api", LEVEL_INFO, "harmless"); /* no warning */
	repeat(&scenario, 200, 240, 10, 0, "api", LEVEL_ERROR, "cannot \x1b[31m parse <*>");
	say(&scenario, 300, "payment", LEVEL_FATAL, "capture failed: upstream unavailable");
	struct detect *detect = detect_all(&scenario, NULL);
	const struct finding *repeated = find_service(&scenario, detect, FINDING_NEW_TEMPLATE, "api");
	assert_non_null(repeated);
	assert_int_equal(repeated->raised, at(220));
	assert_int_equal(repeated->start, at(200));
	assert_int_equal(repeated->count, 4);
	assert_string_equal(repeated->sentence, "api says something new: \"cannot ^[[31m parse <*>\" (ERROR), 4 times");
	const struct finding *fatal = find_service(&scenario, detect, FINDING_NEW_TEMPLATE, "payment");
	assert_non_null(fatal);
	assert_int_equal(fatal->raised, at(300));
	assert_string_equal(
		fatal->sentence, "payment says something new: \"capture failed: upstream unavailable\" (FATAL)");
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void novelty__is_muted__when_a_service_makes_new_templates_all_the_time(void **state)
{
	static char texts[200][32];
	struct scenario scenario;
	size_t count = 0;

	(void)state;
	scenario_init(&scenario);
	for (size_t i = 0; i < 200; i++) {
		snprintf(texts[i], sizeof(texts[i]), "unknown key %c%c", (char)('a' + i / 20), (char)('a' + i % 20));
		repeat(&scenario, 70 + (double)i, 73 + (double)i, 1, 0, "babbler", LEVEL_WARN, texts[i]);
	}
	say(&scenario, 0, "babbler", LEVEL_INFO, "begins");
	struct detect *detect = detect_all(&scenario, NULL);
	for (size_t i = 0; i < detect_count(detect); i++)
		count += detect_finding(detect, i)->kind == FINDING_NEW_TEMPLATE;
	assert_true(count < 16);
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void fatal__is_raised_once_for_each_pair__when_there_are_five(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 6000, 1000, 0, "payment", LEVEL_FATAL, "capture failed"); /* 6, far apart */
	repeat(&scenario, 0, 4000, 1000, 0, "orders", LEVEL_FATAL, "capture failed");  /* 4 */
	repeat(&scenario, 0, 6000, 1000, 0, "orders", LEVEL_ERROR, "write failed");
	struct detect *detect = detect_all(&scenario, NULL);
	const struct finding *finding = find_kind(&scenario, detect, FINDING_FATAL);
	assert_non_null(finding);
	assert_int_equal(finding->services[0], service_code(scenario.store, "payment"));
	assert_int_equal(finding->raised, at(4000));
	assert_int_equal(finding->end, at(5000));
	assert_int_equal(finding->count, 6);
	assert_string_equal(finding->sentence, "payment: FATAL \"capture failed\", 6 times, 5 is the limit");
	assert_true(slice_is(store_template_text(scenario.store, finding->template), "capture failed"));
	detect_destroy(detect);
	scenario_release(&scenario);
}

/* An hour in which four services fail one after the other, with noise, strays and a recovery. */
static void incident(struct scenario *scenario)
{
	repeat(scenario, 0, 1000, 1, 0.9, "gateway", LEVEL_INFO, "request routed");
	repeat(scenario, 0, 1000, 3, 0.9, "notifier", LEVEL_ERROR, "mail bounced: connection refused");
	say(scenario, 570, "inventory", LEVEL_ERROR, "bad sku");
	repeat(scenario, 560, 600, 4, 0, "orders-db", LEVEL_WARN, "connection pool at <*>");
	repeat(scenario, 600, 800, 2.0, 0, "orders-db", LEVEL_ERROR, "connection pool exhausted");
	repeat(scenario, 605.4, 800, 1.0, 0, "inventory", LEVEL_ERROR, "query failed");
	repeat(scenario, 612.3, 800, 0.9, 0, "payment", LEVEL_FATAL, "capture failed");
	repeat(scenario, 612.8, 800, 0.2, 0, "gateway", LEVEL_ERROR, "upstream failed");
}

static void cascade__gives_the_order__when_services_fail_one_after_the_other(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	incident(&scenario);
	struct detect *detect = detect_all(&scenario, NULL);
	const struct finding *cascade = find_kind(&scenario, detect, FINDING_CASCADE_FAILURE);
	assert_non_null(cascade);
	assert_string_equal(cascade->sentence,
		"4 services failed one after the other: orders-db, inventory +5.4 s, payment +12.3 s, gateway +12.8 s");
	assert_int_equal(cascade->start, at(600));
	assert_int_equal(cascade->service_count, 4);
	assert_int_equal(cascade->evidence_count, 4);
	assert_int_equal(store_time(scenario.store, cascade->evidence[1]), at(605.4));
	assert_int_equal(cascade->count, 100 + 195 + 209 + 936);
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void cascade__is_not_raised__when_failures_are_far_apart_or_always_there(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	repeat(&scenario, 0, 2000, 1, 0.9, "noisy", LEVEL_ERROR, "bounced");
	repeat(&scenario, 600, 700, 1, 0, "a", LEVEL_ERROR, "failed");
	repeat(&scenario, 610, 700, 1, 0, "noisy", LEVEL_ERROR, "bounced");
	repeat(&scenario, 650, 700, 1, 0, "b", LEVEL_ERROR, "failed");
	repeat(&scenario, 900, 950, 1, 0, "c", LEVEL_ERROR, "failed");
	struct detect *detect = detect_all(&scenario, NULL);
	assert_null(find_kind(&scenario, detect, FINDING_CASCADE_FAILURE));
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void expect_equal(const struct detect *a, const struct detect *b)
{
	assert_int_equal(detect_count(a), detect_count(b));
	for (size_t i = 0; i < detect_count(a); i++) {
		const struct finding *first = detect_finding(a, i), *second = detect_finding(b, i);
		assert_int_equal(first->kind, second->kind);
		assert_int_equal(first->template, second->template);
		assert_int_equal(first->start, second->start);
		assert_int_equal(first->raised, second->raised);
		assert_int_equal(first->end, second->end);
		assert_int_equal(first->count, second->count);
		assert_string_equal(first->sentence, second->sentence);
		assert_int_equal(first->service_count, second->service_count);
		assert_memory_equal(first->services, second->services, sizeof(first->services));
		assert_int_equal(first->evidence_count, second->evidence_count);
		assert_memory_equal(first->evidence, second->evidence, sizeof(first->evidence));
		assert_memory_equal(&first->score, &second->score, sizeof(first->score));
	}
}

static void detect__gives_the_same_findings__however_the_log_is_fed(void **state)
{
	struct scenario scenario;
	struct detect *whole, *parts = detect_create(NULL);

	(void)state;
	scenario_init(&scenario);
	incident(&scenario);
	whole = detect_all(&scenario, NULL);
	assert_true(detect_count(whole) > 10);
	const struct store *store = scenario.store;
	while (detect_advance(parts, store, horizon_all(store), 1))
		;
	expect_equal(whole, parts);
	for (int round = 0; round < 20; round++) {
		detect_reset(parts);
		assert_int_equal(detect_count(parts), 0);
		while (detect_advance(
			parts, store, horizon_all(store), 1 + (uint64_t)(scenario_random(&scenario) * 300)))
			;
		expect_equal(whole, parts);
	}
	detect_destroy(whole);
	detect_destroy(parts);
	scenario_release(&scenario);
}

static void detect__shows_what_was_raised__at_every_horizon_of_a_replay(void **state)
{
	struct scenario scenario;
	struct detect *whole, *replay = detect_create(NULL);

	(void)state;
	scenario_init(&scenario);
	incident(&scenario);
	whole = detect_all(&scenario, NULL);
	for (double second = 1; second < 1001; second += 1.7) {
		struct horizon horizon = horizon_at(scenario.store, at(second));
		size_t raised = 0;
		while (detect_advance(replay, scenario.store, horizon, 100))
			;
		for (size_t i = 0; i < detect_count(whole); i++)
			raised += detect_finding(whole, i)->raised <= at(second);
		assert_int_equal(detect_count(replay), raised);
		for (size_t i = 0; i < raised; i++) {
			const struct finding *finding = detect_finding(replay, i);
			assert_int_equal(finding->kind, detect_finding(whole, i)->kind);
			assert_true(finding->raised <= at(second) && finding->end <= at(second) &&
				finding->start <= finding->raised);
			for (size_t j = 0; j < finding->evidence_count; j++)
				assert_true(finding->evidence[j] < horizon.records);
		}
	}
	struct horizon all = horizon_all(scenario.store);
	detect_advance(replay, scenario.store, all, UINT64_MAX);
	expect_equal(whole, replay);
	detect_destroy(whole);
	detect_destroy(replay);
	scenario_release(&scenario);
}

static void detect__uses_the_limits_it_was_given__when_they_are_not_zero(void **state)
{
	struct detect_options options = {
		.threshold_count = 2, .threshold_window = 10 * TIMESTAMP_SECOND, .fatal_count = 2};
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	say(&scenario, 10, "db", LEVEL_FATAL, "failed");
	say(&scenario, 20, "db", LEVEL_FATAL, "failed");
	struct detect *detect = detect_all(&scenario, &options);
	assert_string_equal(
		find_kind(&scenario, detect, FINDING_THRESHOLD)->sentence, "db: 2 errors in 10 s, 2 is the limit");
	assert_string_equal(
		find_kind(&scenario, detect, FINDING_FATAL)->sentence, "db: FATAL \"failed\", 2 times, 2 is the limit");
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void detect__goes_on__when_times_are_missing_late_or_wrong(void **state)
{
	struct detect *detect = detect_create(NULL);
	struct store *store = store_empty();
	size_t thresholds = 0;

	(void)state;
	store_say(store, TIMESTAMP_NONE, "db", LEVEL_ERROR, "before any time");
	store_say(store, at(0), "db", LEVEL_INFO, "begins");
	for (int i = 0; i < 4; i++)
		store_say(store, at(100), "db", LEVEL_ERROR, "failed");
	store_say(store, TIMESTAMP_NONE, "db", LEVEL_ERROR, "failed"); /* counts where it stands: the fifth */
	for (int i = 0; i < 10; i++)
		store_say(store, at(40), "late", LEVEL_ERROR, "failed"); /* too late to be judged */
	store_say(store, INT64_MAX - 5, "db", LEVEL_INFO, "a wrong clock");
	store_say(store, INT64_MIN + 5, "db", LEVEL_INFO, "another");
	for (int i = 0; i < 200; i++)
		store_say(store, at(200 + i), "web", LEVEL_ERROR, "failed");
	store_publish(store);
	assert_false(detect_advance(detect, store, horizon_all(store), UINT64_MAX));
	for (size_t i = 0; i < detect_count(detect); i++) {
		const struct finding *finding = detect_finding(detect, i);
		if (finding->kind != FINDING_THRESHOLD)
			continue;
		thresholds++;
		assert_int_equal(finding->services[0], service_code(store, thresholds == 1 ? "db" : "web"));
	}
	assert_int_equal(thresholds, 2);
	assert_int_equal(detect_finding(detect, 0)->raised, at(100));
	detect_destroy(detect);
	store_destroy(store);
}

static void detect__says_nothing__when_there_are_no_levels(void **state)
{
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	incident(&scenario);
	for (size_t i = 0; i < scenario.count; i++)
		scenario.lines[i].level = LEVEL_UNKNOWN;
	struct detect *detect = detect_all(&scenario, NULL);
	assert_int_equal(detect_count(detect), 0);
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void sentence__is_cut_and_safe__when_names_are_long_and_hostile(void **state)
{
	static char name[120], text[400];
	struct scenario scenario;

	(void)state;
	scenario_init(&scenario);
	memset(name, 'n', sizeof(name) - 1);
	memset(text, '\x1b', sizeof(text) - 1);
	say(&scenario, 0, name, LEVEL_INFO, "begins");
	repeat(&scenario, 100, 110, 1, 0, name, LEVEL_FATAL, text);
	struct detect *detect = detect_all(&scenario, NULL);
	assert_true(detect_count(detect) >= 3);
	for (size_t i = 0; i < detect_count(detect); i++) {
		const char *sentence = detect_finding(detect, i)->sentence;
		assert_true(strlen(sentence) < FINDING_SENTENCE);
		assert_null(strchr(sentence, '\x1b'));
		if (strstr(sentence, "…") == NULL)
			fail_msg("%s", sentence);
	}
	detect_destroy(detect);
	scenario_release(&scenario);
}

static void kind__has_a_name__for_each(void **state)
{
	static const char *const names[FINDING_KIND_COUNT] = {
		"threshold",
		"error_spike",
		"connection_failure",
		"new_template",
		"fatal",
		"cascade_failure",
		"latency_spike",
		"memory_leak",
		"missing_template",
	};

	(void)state;
	for (unsigned kind = 0; kind < FINDING_KIND_COUNT; kind++)
		assert_string_equal(finding_kind_name((enum finding_kind)kind), names[kind]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threshold__is_raised__when_five_errors_fall_within_a_minute),
		cmocka_unit_test(threshold__counts_over_all__when_no_service_is_over_it),
		cmocka_unit_test(threshold__grows_and_returns_only_after_quiet__when_errors_go_on),
		cmocka_unit_test(spike__compares_with_the_own_rate__when_a_service_is_noisy),
		cmocka_unit_test(spike__is_not_raised__while_the_log_is_learned),
		cmocka_unit_test(connection__knows_the_class__by_the_words_of_the_template),
		cmocka_unit_test(novelty__is_raised__when_something_new_is_repeated_or_fatal),
		cmocka_unit_test(novelty__is_muted__when_a_service_makes_new_templates_all_the_time),
		cmocka_unit_test(fatal__is_raised_once_for_each_pair__when_there_are_five),
		cmocka_unit_test(cascade__gives_the_order__when_services_fail_one_after_the_other),
		cmocka_unit_test(cascade__is_not_raised__when_failures_are_far_apart_or_always_there),
		cmocka_unit_test(detect__gives_the_same_findings__however_the_log_is_fed),
		cmocka_unit_test(detect__shows_what_was_raised__at_every_horizon_of_a_replay),
		cmocka_unit_test(detect__uses_the_limits_it_was_given__when_they_are_not_zero),
		cmocka_unit_test(detect__goes_on__when_times_are_missing_late_or_wrong),
		cmocka_unit_test(detect__says_nothing__when_there_are_no_levels),
		cmocka_unit_test(sentence__is_cut_and_safe__when_names_are_long_and_hostile),
		cmocka_unit_test(kind__has_a_name__for_each),
	};

	return cmocka_run_group_tests_name("detect/detect", tests, NULL, NULL);
}
