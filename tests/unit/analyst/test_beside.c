/*
 * An analysis with something beside the log: a log of quiet times, metrics, changes, an alert.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fixture.h"

struct bench {
	struct fixture log, quiet;
	struct context *context;
	struct analysis_reference reference;
	struct analysis_input input;
	struct analysis *analysis;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	fixture_init(&bench->log);
	fixture_init(&bench->quiet);
	fixture_quiet(&bench->log, 0, 120);
	fixture_quiet(&bench->quiet, 3000, 3120);
	bench->context = context_create();
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	analysis_destroy(bench->analysis);
	context_destroy(bench->context);
	fixture_release(&bench->log);
	fixture_release(&bench->quiet);
	free(bench);
	return 0;
}

static const struct verdict *analyse(struct bench *bench, bool compared)
{
	store_publish(bench->log.store);
	store_publish(bench->quiet.store);
	context_settle(bench->context);
	bench->reference = (struct analysis_reference){ bench->quiet.store, &bench->quiet.reader,
		horizon_all(bench->quiet.store), NULL, slice_of("quiet.csv") };
	bench->input = (struct analysis_input){ .store = bench->log.store,
		.reader = &bench->log.reader,
		.horizon = horizon_all(bench->log.store),
		.context = bench->context,
		.reference = compared ? &bench->reference : NULL };
	bench->analysis = analysis_create(&bench->input);
	while (analysis_step(bench->analysis))
		continue;
	return analysis_verdict(bench->analysis);
}

static void assert_culprit(struct bench *bench, const struct verdict *verdict, const char *service)
{
	assert_int_not_equal(verdict->service, STORE_NO_CODE);
	assert_true(slice_is(store_service_name(bench->log.store, verdict->service), service));
}

static void a_single_error__is_the_cause__when_quiet_times_never_said_it(void **state)
{
	struct bench *bench = *state;
	const struct verdict *verdict;

	fixture_add(&bench->log, 121, "orders-db", LEVEL_ERROR, "cannot extend tablespace orders");
	fixture_add(&bench->log, 123, "gateway", LEVEL_ERROR, "POST /checkout failed with status 500");
	verdict = analyse(bench, true);
	assert_int_equal(verdict->kind, VERDICT_ROOT_CAUSE);
	assert_culprit(bench, verdict, "orders-db");
}

static void errors_of_quiet_times__are_set_aside__whoever_makes_them(void **state)
{
	struct bench *bench = *state;
	char message[80];

	for (int i = 0; i < 10; i++) {
		snprintf(message, sizeof(message), "no instance of %s, try %d", i % 2 ? "orders-db" : "gateway", i);
		fixture_add(&bench->quiet, 3121 + i, "gateway", LEVEL_ERROR, message);
		fixture_add(&bench->log, 121 + i, i % 2 ? "gateway" : "payment-service", LEVEL_ERROR, message);
	}
	assert_int_equal(analyse(bench, true)->kind, VERDICT_HEALTHY);
}

static void one_failed_operation__is_no_incident__when_all_goes_on(void **state)
{
	struct bench *bench = *state;

	fixture_add(&bench->log, 120.1, "orders-db", LEVEL_ERROR, "snapshot 17 failed: gone");
	fixture_add(&bench->log, 120.2, "orders-db", LEVEL_ERROR, "snapshot 17 given up");
	fixture_quiet(&bench->log, 121, 420);
	assert_int_equal(analyse(bench, false)->kind, VERDICT_HEALTHY);
}

static void a_processor_at_its_limit__accuses_a_service_that_says_nothing(void **state)
{
	struct bench *bench = *state;
	const struct verdict *verdict;

	for (int i = 0; i < 12; i++)
		metrics_add(&bench->context->metrics, slice_of("payment-service"), slice_of("cpu_percent"),
			FIXTURE_START + i * 10 * TIMESTAMP_SECOND, i < 7 ? 3 + i % 2 : 99);
	verdict = analyse(bench, true);
	assert_culprit(bench, verdict, "payment-service");
	assert_true(verdict->ranking[0].score > 0.5);
}

static void add_change(struct bench *bench, enum change_event_kind kind, double seconds, const char *sha, const char *service,
	const char *title, const char *detail)
{
	struct change_event event = { .kind = kind,
		.time = FIXTURE_START + (int64_t)(seconds * 1e9),
		.sha = slice_of(sha),
		.service = slice_of(service),
		.title = slice_of(title),
		.detail = slice_of(detail) };

	assert_int_equal(changes_add(&bench->context->changes, &event), 0);
}

static void errors_of_a_pool(struct bench *bench)
{
	for (int i = 0; i < 40; i++)
		fixture_add(&bench->log, 121 + i, "orders-db", LEVEL_ERROR,
			"connection pool exhausted: waited for max connections");
}

static void the_guilty_change__is_the_one_that_touches_the_trouble__not_the_latest(void **state)
{
	struct bench *bench = *state;
	const struct verdict *verdict;

	errors_of_a_pool(bench);
	add_change(bench, CHANGE_COMMIT, 10, "aaaaaaaaaaaa", "", "simplify pool options",
		"@@ pool.go\n-\tmaxConnections: 50,\n+\tmaxConnections: 5,");
	add_change(bench, CHANGE_DEPLOY, 20, "aaaaaaaaaaaa", "orders-db", "v1", "");
	add_change(bench, CHANGE_COMMIT, 100, "bbbbbbbbbbbb", "", "restyle the badge",
		"@@ badge.go\n-\tcolour(green)\n+\tcolour(blue)");
	add_change(bench, CHANGE_DEPLOY, 110, "bbbbbbbbbbbb", "orders-db", "v2", "");
	add_change(bench, CHANGE_COMMIT, 130, "cccccccccccc", "", "exhausted connection pool waits longer",
		"@@ pool.go\n+\twaitForConnections()");
	add_change(bench, CHANGE_DEPLOY, 240, "cccccccccccc", "orders-db", "v3", "");
	verdict = analyse(bench, false);
	assert_int_equal(verdict->kind, VERDICT_ROOT_CAUSE);
	assert_true(slice_is(verdict->change, "aaaaaaaaaaaa"));
}

static void nobody_is_guilty__when_a_certificate_expired(void **state)
{
	struct bench *bench = *state;
	const struct verdict *verdict;

	for (int i = 0; i < 40; i++)
		fixture_add(&bench->log, 121 + i, "payment-service", LEVEL_ERROR,
			"tls handshake with orders-db failed: certificate has expired");
	add_change(bench, CHANGE_COMMIT, 100, "aaaaaaaaaaaa", "", "tidy tls handshake options",
		"@@ tls.go\n-\tcertificate.Check(a, b)\n+\tcertificate.Check(b, a)");
	add_change(bench, CHANGE_DEPLOY, 110, "aaaaaaaaaaaa", "payment-service", "v1", "");
	verdict = analyse(bench, false);
	assert_int_equal(verdict->kind, VERDICT_EXTERNAL);
	assert_int_equal(verdict->change.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_single_error__is_the_cause__when_quiet_times_never_said_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
			errors_of_quiet_times__are_set_aside__whoever_makes_them, setup, teardown),
		cmocka_unit_test_setup_teardown(
			one_failed_operation__is_no_incident__when_all_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_processor_at_its_limit__accuses_a_service_that_says_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_guilty_change__is_the_one_that_touches_the_trouble__not_the_latest, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_is_guilty__when_a_certificate_expired, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
