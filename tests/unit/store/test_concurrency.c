/*
 * One writer publishes while readers check, with no lock, that what they see is whole and never changes. Under
 * -fsanitize=thread this also proves that there is no data race.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>

#include "store/store_inside.h"
#include "tocsin/store/selection.h"

#define RECORDS (STORE_SEGMENT_RECORDS * 6 + 123)
#define BATCH 97
#define SERVICES 40
#define READERS 3

/* Record `id` is at time id + 1, of service id % SERVICES, of template id / 50, an error every eighth. */
static void append(struct store *store, uint64_t id)
{
	char service[32], signature[32];
	struct store_row row = {.time = (int64_t)id + 1,
				.level = id % 8 == 0 ? LEVEL_ERROR : LEVEL_INFO,
				.offset = id * 10,
				.line = id + 1,
				.service = {service, 0},
				.signature = {signature, 0}};

	row.service.size = (size_t)snprintf(service, sizeof(service), "service-%u", (unsigned)(id % SERVICES));
	row.signature.size = (size_t)snprintf(signature, sizeof(signature), "template %u", (unsigned)(id / 50));
	assert_int_equal(store_append(store, &row), 0);
	store_ledger_edit(store, 0)->lines++;
}

/* Checks everything that a reader may ask; returns a name of what is wrong, or NULL. */
static const char *check(const struct store *store, struct horizon horizon)
{
	struct window all = {INT64_MIN, INT64_MAX}, extent;
	struct level_counts counts = query_count(store, horizon, all, QUERY_ALL, QUERY_ALL);
	struct store_template_totals template;
	struct record record;

	if (horizon.records == 0)
		return NULL;
	if (level_counts_total(&counts) != horizon.records || counts.of[LEVEL_ERROR] != (horizon.records + 7) / 8)
		return "count by level";
	counts = query_count(store, horizon, all, 0, QUERY_ALL);
	if (level_counts_total(&counts) != (horizon.records + SERVICES - 1) / SERVICES)
		return "count of a service";
	if (!query_extent(store, horizon, &extent) || extent.from != 1 || extent.to != (int64_t)horizon.records + 1)
		return "extent";
	if (query_find_time(store, horizon, (int64_t)horizon.records) != horizon.records - 1)
		return "find by time";
	store_record(store, horizon.records - 1, &record);
	if (record.time != horizon.time || record.line != horizon.records || record.offset != record.line * 10 - 10)
		return "last record";
	if (record.service >= store_service_count(store) || record.template >= store_template_count(store))
		return "codes of the last record";
	if (store_service_name(store, record.service).size < 9 || store_template_text(store, record.template).size < 10)
		return "names of the last record";
	if (store_template_first(store, record.template) != record.template * 50)
		return "first record of a template";
	store_template_totals(store, record.template, &template);
	if (template.count == 0 || template.count > 50 || template.example_offset != template.example * 10)
		return "totals of a template";
	if (store_totals(store).levels[LEVEL_INFO] > RECORDS || store_ledger(store, 0).lines < horizon.records)
		return "totals";
	return NULL;
}

static void *read_until_full(void *context)
{
	const struct store *store = context;
	struct filter_scope scope = {.store = store, .now = TIMESTAMP_NONE};
	struct filter *filter = filter_parse(slice_of("service:*-7"), &scope, NULL, NULL);
	const char *wrong = NULL;
	struct selection selection;
	struct horizon horizon;

	if (!filter || selection_init(&selection, filter) != 0)
		return "out of memory";
	do {
		horizon = horizon_all(store);
		wrong = check(store, horizon);
		while (selection_advance(&selection, store, NULL, horizon, 1000))
			;
		if (!wrong && selection_count(&selection) != (horizon.records + SERVICES - 8) / SERVICES)
			wrong = "selection";
	} while (!wrong && horizon.records < RECORDS);
	selection_release(&selection);
	filter_destroy(filter);
	return (void *)(uintptr_t)wrong;
}

static void write_while_others_read(struct store *store)
{
	pthread_t readers[READERS];
	uint16_t source;

	assert_int_equal(store_add_source(store, slice_of("live"), &source), 0);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, read_until_full, store), 0);
	for (uint64_t id = 0; id < RECORDS; id++) {
		append(store, id);
		if (id % BATCH == 0)
			store_publish(store);
	}
	store_publish(store);
	for (size_t i = 0; i < READERS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(readers[i], &wrong), 0);
		if (wrong)
			fail_msg("a reader saw a wrong %s", (const char *)wrong);
	}
	store_destroy(store);
}

static void readers__see_whole_records__while_the_writer_publishes(void **state)
{
	(void)state;
	write_while_others_read(store_create(NULL));
}

/* A segment is sealed, and written over, every 64 records: most readers stand in one just then. */
static void readers__see_whole_records__while_segments_are_sealed(void **state)
{
	(void)state;
	write_while_others_read(store_create_shaped(NULL, (struct store_shape){.segment_records = 64, .fanout = 2}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers__see_whole_records__while_the_writer_publishes),
		cmocka_unit_test(readers__see_whole_records__while_segments_are_sealed),
	};

	return cmocka_run_group_tests_name("store/concurrency", tests, NULL, NULL);
}
