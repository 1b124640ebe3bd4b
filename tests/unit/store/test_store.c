#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/store/store.h"

static struct store_row row_of(int64_t time, enum level level, const char *service, const char *signature)
{
	return (struct store_row){
		.time = time, .level = level, .service = slice_of(service), .signature = slice_of(signature)};
}

static void append(struct store *store, int64_t time, enum level level, const char *service, const char *signature)
{
	struct store_row row = row_of(time, level, service, signature);

	assert_int_equal(store_append(store, &row), 0);
}

static void store__gives_back__what_was_appended(void **state)
{
	struct store *store = store_create(NULL);
	struct store_row row = row_of(1000, LEVEL_ERROR, "payment-service", "took <*> ms");
	struct record record;
	uint16_t source;

	(void)state;
	assert_int_equal(store_add_source(store, slice_of("first.csv"), &source), 0);
	assert_int_equal(store_add_source(store, slice_of("second.csv"), &source), 0);
	row.source = source;
	row.flags = RECORD_UNPARSED;
	row.size = 77;
	row.offset = UINT64_C(5000000000);
	row.line = UINT64_C(6000000000);
	append(store, 900, LEVEL_INFO, "gateway", "started");
	assert_int_equal(store_append(store, &row), 0);
	store_publish(store);

	assert_int_equal(store_count(store), 2);
	assert_true(store_has_records(store));
	store_record(store, 1, &record);
	assert_int_equal(record.id, 1);
	assert_int_equal(record.time, 1000);
	assert_int_equal(store_time(store, 1), 1000);
	assert_int_equal(record.level, LEVEL_ERROR);
	assert_int_equal(record.flags, RECORD_UNPARSED);
	assert_int_equal(record.size, 77);
	assert_int_equal(record.offset, UINT64_C(5000000000));
	assert_int_equal(record.line, UINT64_C(6000000000));
	assert_true(slice_is(store_source_name(store, record.source), "second.csv"));
	assert_true(slice_is(store_service_name(store, record.service), "payment-service"));
	assert_true(slice_is(store_template_text(store, record.template), "took <*> ms"));
	store_destroy(store);
}

static void store__hides__what_is_not_published(void **state)
{
	struct store *store = store_create(NULL);

	(void)state;
	append(store, 1, LEVEL_INFO, "a", "x");
	store_publish(store);
	append(store, 2, LEVEL_FATAL, "b", "y");
	assert_int_equal(store_count(store), 1);
	assert_int_equal(store_service_count(store), 1);
	assert_int_equal(store_template_count(store), 1);
	assert_int_equal(store_totals(store).levels[LEVEL_FATAL], 0);
	assert_int_equal(store_totals(store).last, 1);
	assert_int_equal(store_service_name(store, 1).size, 0);
	store_publish(store);
	assert_int_equal(store_count(store), 2);
	assert_int_equal(store_service_count(store), 2);
	assert_int_equal(store_totals(store).levels[LEVEL_FATAL], 1);
	store_destroy(store);
}

static void store__finds_services__in_any_case(void **state)
{
	struct store *store = store_create(NULL);
	uint32_t service;

	(void)state;
	append(store, 1, LEVEL_INFO, "Gateway", "x");
	append(store, 1, LEVEL_INFO, "payment", "x");
	store_publish(store);
	assert_int_equal(store_service_find(store, slice_of("PAYMENT"), &service), 0);
	assert_int_equal(service, 1);
	assert_int_equal(store_service_find(store, slice_of("pay"), &service), ERROR_ABSENT);
	store_destroy(store);
}

static void store__counts_totals__by_service_and_template(void **state)
{
	struct store *store = store_create(NULL);
	struct store_template_totals totals;
	uint64_t levels[LEVEL_COUNT];

	(void)state;
	append(store, 50, LEVEL_INFO, "a", "x");
	append(store, 10, LEVEL_ERROR, "b", "y");
	append(store, TIMESTAMP_NONE, LEVEL_UNKNOWN, "a", "y");
	append(store, 70, LEVEL_ERROR, "b", "y");
	store_publish(store);

	assert_int_equal(store_totals(store).records, 4);
	assert_int_equal(store_totals(store).first, 10);
	assert_int_equal(store_totals(store).last, 70);
	assert_int_equal(store_totals(store).levels[LEVEL_ERROR], 2);
	store_service_totals(store, 1, levels);
	assert_int_equal(levels[LEVEL_ERROR], 2);
	assert_int_equal(levels[LEVEL_INFO], 0);
	store_service_totals(store, STORE_NO_CODE, levels);
	assert_int_equal(levels[LEVEL_ERROR], 0);
	store_template_totals(store, 1, &totals);
	assert_int_equal(totals.count, 3);
	assert_int_equal(totals.levels[LEVEL_UNKNOWN], 1);
	assert_int_equal(totals.first, 10);
	assert_int_equal(totals.last, 70);
	assert_int_equal(totals.example, 1);
	assert_int_equal(store_template_first(store, 1), 1);
	assert_true(store_template_in_service(store, 1, 0));
	assert_true(store_template_in_service(store, 1, 1));
	assert_false(store_template_in_service(store, 0, 1));
	assert_false(store_template_in_service(store, 7, 0));
	store_destroy(store);
}

static void store__flags_late_records__but_not_those_without_time(void **state)
{
	static const int64_t times[] = {TIMESTAMP_NONE, 10, 20, 15, 20, TIMESTAMP_NONE};
	static const uint8_t flags[] = {0, 0, 0, RECORD_LATE, 0, 0};
	struct store *store = store_create(NULL);
	struct record record;

	(void)state;
	for (size_t i = 0; i < sizeof(flags); i++)
		append(store, times[i], LEVEL_INFO, "a", "x");
	store_publish(store);
	for (size_t i = 0; i < sizeof(flags); i++) {
		store_record(store, i, &record);
		assert_int_equal(record.flags, flags[i]);
	}
	store_destroy(store);
}

static void store__uses_overflow_codes__when_tables_are_full(void **state)
{
	struct store *store = store_create(&(struct store_options){.maximum_templates = 2, .maximum_services = 2});
	static const char *const services[] = {"a", "b", "c", "d", "a"};
	static const char *const shown[] = {"a", "b", "(other)", "(other)", "a"};
	static const char *const templates[] = {"x", "y", "z", "x", "w"};
	static const char *const kept[] = {"x", "y", "<*>", "x", "<*>"};
	struct record record;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		append(store, 1, LEVEL_INFO, services[i], templates[i]);
	store_publish(store);
	assert_int_equal(store_service_count(store), 3);
	assert_int_equal(store_template_count(store), 3);
	for (size_t i = 0; i < 5; i++) {
		store_record(store, i, &record);
		assert_true(slice_is(store_service_name(store, record.service), shown[i]));
		assert_true(slice_is(store_template_text(store, record.template), kept[i]));
	}
	assert_int_equal(store_template_first(store, 2), 2);
	store_destroy(store);
}

static void store__refuses_records__when_full(void **state)
{
	struct store *store = store_create(&(struct store_options){.maximum_records = STORE_SEGMENT_RECORDS + 1});
	struct store_row row = row_of(1, LEVEL_INFO, "a", "x"), other = row_of(1, LEVEL_INFO, "new", "new");

	(void)state;
	for (size_t i = 0; i < STORE_SEGMENT_RECORDS + 1; i++)
		assert_int_equal(store_append(store, &row), 0);
	assert_int_equal(store_append(store, &other), ERROR_FULL);
	store_publish(store);
	assert_int_equal(store_count(store), STORE_SEGMENT_RECORDS + 1);
	assert_int_equal(store_service_count(store), 1);
	store_destroy(store);
}

static void store__refuses_sources__beyond_the_maximum(void **state)
{
	struct store *store = store_create(NULL);
	uint16_t source;

	(void)state;
	for (size_t i = 0; i < STORE_MAXIMUM_SOURCES; i++)
		assert_int_equal(store_add_source(store, slice_of("same"), &source), 0);
	assert_int_equal(source, STORE_MAXIMUM_SOURCES - 1);
	assert_int_equal(store_add_source(store, slice_of("more"), &source), ERROR_FULL);
	assert_int_equal(store_source_count(store), STORE_MAXIMUM_SOURCES);
	assert_int_equal(store_source_name(store, UINT16_MAX).size, 0);
	store_destroy(store);
}

static void store__shows_ledgers__once_published(void **state)
{
	struct store *store = store_create(NULL);
	uint16_t first, second;

	(void)state;
	store_add_source(store, slice_of("first"), &first);
	store_add_source(store, slice_of("second"), &second);
	store_ledger_edit(store, first)->lines = 10;
	store_ledger_edit(store, first)->lost = 2;
	store_ledger_edit(store, second)->lines = 5;
	assert_int_equal(store_ledger(store, first).lines, 0);
	store_publish(store);
	assert_int_equal(store_ledger(store, first).lines, 10);
	assert_int_equal(store_ledger_total(store).lines, 15);
	assert_int_equal(store_ledger_total(store).lost, 2);
	assert_int_equal(store_ledger(store, 9).lines, 0);
	store_destroy(store);
}

static void store__keeps_only_totals__when_asked(void **state)
{
	struct store *store = store_create(&(struct store_options){.totals_only = true});
	struct store_template_totals totals;
	char service[16];

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		snprintf(service, sizeof(service), "service-%d", i % 7);
		append(store, i, i % 10 ? LEVEL_INFO : LEVEL_ERROR, service, i % 2 ? "odd <*>" : "even <*>");
	}
	store_publish(store);
	assert_false(store_has_records(store));
	assert_int_equal(store_count(store), 1000000);
	assert_int_equal(store_totals(store).levels[LEVEL_ERROR], 100000);
	assert_int_equal(store_totals(store).last, 999999);
	assert_int_equal(store_service_count(store), 7);
	store_template_totals(store, 1, &totals);
	assert_int_equal(totals.count, 500000);
	assert_int_equal(totals.example, 1);
	assert_true(store_template_in_service(store, 1, 6));
	store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(store__gives_back__what_was_appended),
		cmocka_unit_test(store__hides__what_is_not_published),
		cmocka_unit_test(store__finds_services__in_any_case),
		cmocka_unit_test(store__counts_totals__by_service_and_template),
		cmocka_unit_test(store__flags_late_records__but_not_those_without_time),
		cmocka_unit_test(store__uses_overflow_codes__when_tables_are_full),
		cmocka_unit_test(store__refuses_records__when_full),
		cmocka_unit_test(store__refuses_sources__beyond_the_maximum),
		cmocka_unit_test(store__shows_ledgers__once_published),
		cmocka_unit_test(store__keeps_only_totals__when_asked),
	};

	return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}
