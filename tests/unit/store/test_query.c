/*
 * Every answer is compared with a plain scan over the same records, for windows and horizons that cut segments
 * anywhere.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/store/query.h"

#define RECORDS (STORE_SEGMENT_RECORDS * 5 + 700)
#define SERVICES 5
#define TEMPLATES 20

static uint64_t seed;

static uint32_t next_random(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % below;
}

static void append(struct store *store, int64_t time, enum level level, uint32_t service, uint32_t template)
{
	char name[32], signature[32];
	struct store_row row = {.time = time, .level = level, .service = {name, 0}, .signature = {signature, 0}};

	row.service.size = (size_t)snprintf(name, sizeof(name), "service-%u", service);
	row.signature.size = (size_t)snprintf(signature, sizeof(signature), "template %u", template);
	assert_int_equal(store_append(store, &row), 0);
}

/* Mostly in order, some late, some without a time; one segment of many services, one quiet one. */
static int make_store(void **state)
{
	struct store *store = store_create(NULL);
	int64_t now = 1000;

	seed = 42;
	for (uint32_t i = 0; i < RECORDS; i++) {
		uint32_t segment = i / STORE_SEGMENT_RECORDS, kind = next_random(100);
		int64_t time = kind == 0 ? TIMESTAMP_NONE : kind < 5 ? now - next_random(500) : now;
		uint32_t service = segment == 2 ? next_random(60) : next_random(SERVICES);
		enum level level = segment == 3 ? LEVEL_INFO : (enum level)next_random(LEVEL_COUNT);

		append(store, time, level, service, next_random(TEMPLATES));
		now += segment == 3 ? 0 : next_random(3);
	}
	store_publish(store);
	*state = store;
	return store ? 0 : -1;
}

static int drop_store(void **state)
{
	store_destroy(*state);
	return 0;
}

struct question {
	struct horizon horizon;
	struct window window;
};

static struct question next_question(const struct store *store)
{
	struct question question = {.horizon = horizon_all(store)};
	int64_t end = question.horizon.time + 10;

	if (next_random(3) == 0)
		question.horizon = horizon_at(store, next_random((uint32_t)end));
	question.window.from = next_random((uint32_t)end);
	question.window.to = question.window.from + next_random((uint32_t)end);
	if (next_random(5) == 0)
		question.window = (struct window){INT64_MIN, INT64_MAX};
	return question;
}

static bool is_in(const struct record *record, struct window window)
{
	return record->time != TIMESTAMP_NONE && record->time >= window.from && record->time < window.to;
}

static void horizon__shows_longest_beginning__up_to_a_time(void **state)
{
	const struct store *store = *state;
	struct horizon all = horizon_all(store);

	assert_int_equal(all.records, RECORDS);
	for (int64_t time = 0; time <= all.time + 1; time += 97) {
		struct horizon horizon = horizon_at(store, time);
		int64_t newest = TIMESTAMP_NONE;

		for (uint64_t id = 0; id < horizon.records; id++)
			newest = store_time(store, id) > newest ? store_time(store, id) : newest;
		assert_true(newest <= time);
		assert_int_equal(horizon.time, newest);
		assert_true(horizon.records == RECORDS || store_time(store, horizon.records) > time);
	}
	assert_int_equal(horizon_at(store, INT64_MAX).records, RECORDS);
	assert_int_equal(horizon_at(store, TIMESTAMP_NONE).time, TIMESTAMP_NONE);
}

static void find_time__gives_first_id__by_running_maximum(void **state)
{
	const struct store *store = *state;
	struct horizon all = horizon_all(store);
	int64_t running = TIMESTAMP_NONE;

	for (uint64_t id = 0; id < RECORDS; id++) {
		if (store_time(store, id) <= running)
			continue;
		assert_int_equal(query_find_time(store, all, store_time(store, id)), id);
		assert_int_equal(query_find_time(store, all, running + 1), id);
		running = store_time(store, id);
	}
	assert_int_equal(query_find_time(store, all, running + 1), RECORDS);
	assert_int_equal(query_find_time(store, (struct horizon){100, 0}, running), 100);
}

static void extent__spans_visible_times(void **state)
{
	const struct store *store = *state;

	for (uint64_t visible = 0; visible <= RECORDS; visible += 511) {
		struct window extent = {0}, expected = {INT64_MAX, TIMESTAMP_NONE};
		bool found = query_extent(store, (struct horizon){visible, 0}, &extent);

		for (uint64_t id = 0; id < visible; id++) {
			int64_t time = store_time(store, id);

			if (time != TIMESTAMP_NONE && time < expected.from)
				expected.from = time;
			if (time >= expected.to)
				expected.to = time + 1;
		}
		assert_int_equal(found, visible > 0);
		if (found) {
			assert_int_equal(extent.from, expected.from);
			assert_int_equal(extent.to, expected.to);
		}
	}
}

static void count__agrees_with_a_scan__under_any_condition(void **state)
{
	const struct store *store = *state;

	for (int round = 0; round < 300; round++) {
		struct question question = next_question(store);
		uint32_t service = next_random(2) ? QUERY_ALL : next_random(SERVICES),
			 template = next_random(2) ? QUERY_ALL : next_random(TEMPLATES);
		struct level_counts counts = query_count(store, question.horizon, question.window, service, template),
				    expected = {0};
		struct record record;

		for (uint64_t id = 0; id < question.horizon.records; id++) {
			store_record(store, id, &record);
			if (is_in(&record, question.window) && (service == QUERY_ALL || record.service == service) &&
			    (template == QUERY_ALL || record.template == template))
				expected.of[record.level]++;
		}
		assert_memory_equal(&counts, &expected, sizeof(counts));
	}
}

static void histogram__agrees_with_a_scan__in_every_bucket(void **state)
{
	const struct store *store = *state;
	struct level_counts *got = test_calloc(2 * SERVICES * 50, sizeof(*got)), *expected = got + SERVICES * 50;

	for (int round = 0; round < 200; round++) {
		struct question question = next_question(store);
		size_t buckets = 1 + next_random(50);
		uint32_t service = next_random(2) ? QUERY_ALL : next_random(SERVICES);
		uint64_t span = (uint64_t)question.window.to - (uint64_t)question.window.from;
		uint64_t width = span / buckets + (span % buckets != 0);
		struct record record;

		for (int by_service = 0; by_service < 2; by_service++) {
			memset(got, 0, 2 * SERVICES * 50 * sizeof(*got));
			for (uint64_t id = 0; id < question.horizon.records; id++) {
				store_record(store, id, &record);
				if (!is_in(&record, question.window))
					continue;
				size_t bucket =
					(size_t)(((uint64_t)record.time - (uint64_t)question.window.from) / width);

				if (by_service && record.service < SERVICES)
					expected[record.service * buckets + bucket].of[record.level]++;
				else if (!by_service && (service == QUERY_ALL || record.service == service))
					expected[bucket].of[record.level]++;
			}
			if (by_service)
				query_service_histograms(store, question.horizon, question.window, buckets, SERVICES,
							 got);
			else
				query_histogram(store, question.horizon, question.window, service, buckets, got);
			assert_memory_equal(got, expected, SERVICES * 50 * sizeof(*got));
		}
	}
	test_free(got);
}

static void template_counts__agree_with_a_scan__at_every_level(void **state)
{
	const struct store *store = *state;

	for (int round = 0; round < 300; round++) {
		struct question question = next_question(store);
		uint64_t counts[TEMPLATES] = {0}, firsts[TEMPLATES], expected_counts[TEMPLATES] = {0},
			 expected_firsts[TEMPLATES];
		uint32_t service = next_random(2) ? QUERY_ALL : next_random(SERVICES);
		enum level level = (enum level)next_random(LEVEL_UNKNOWN);
		struct record record;

		memset(expected_firsts, 0xff, sizeof(expected_firsts));
		for (uint64_t id = 0; id < question.horizon.records; id++) {
			store_record(store, id, &record);
			if (!is_in(&record, question.window) || (service != QUERY_ALL && record.service != service) ||
			    (level != LEVEL_TRACE && (record.level < level || record.level == LEVEL_UNKNOWN)))
				continue;
			if (expected_counts[record.template]++ == 0)
				expected_firsts[record.template] = id;
		}
		query_template_counts(store, question.horizon, question.window, service, level, TEMPLATES, counts,
				      firsts);
		assert_memory_equal(counts, expected_counts, sizeof(counts));
		assert_memory_equal(firsts, expected_firsts, sizeof(firsts));
	}
}

static void queries__answer_nothing__when_store_is_empty(void **state)
{
	struct store *store = store_create(NULL);
	struct horizon all = horizon_all(store);
	struct window window = {0, 100};
	struct level_counts counts = query_count(store, all, window, QUERY_ALL, QUERY_ALL);

	(void)state;
	assert_int_equal(all.records, 0);
	assert_int_equal(all.time, TIMESTAMP_NONE);
	assert_int_equal(horizon_at(store, 50).records, 0);
	assert_false(query_extent(store, all, &window));
	assert_int_equal(query_find_time(store, all, 0), 0);
	assert_int_equal(level_counts_total(&counts), 0);
	store_destroy(store);
}

static void level_counts__sum__all_and_errors(void **state)
{
	struct level_counts counts = {{1, 2, 4, 8, 16, 32, 64}};

	(void)state;
	assert_int_equal(level_counts_total(&counts), 127);
	assert_int_equal(level_counts_errors(&counts), 48);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(horizon__shows_longest_beginning__up_to_a_time),
		cmocka_unit_test(find_time__gives_first_id__by_running_maximum),
		cmocka_unit_test(extent__spans_visible_times),
		cmocka_unit_test(count__agrees_with_a_scan__under_any_condition),
		cmocka_unit_test(histogram__agrees_with_a_scan__in_every_bucket),
		cmocka_unit_test(template_counts__agree_with_a_scan__at_every_level),
		cmocka_unit_test(queries__answer_nothing__when_store_is_empty),
		cmocka_unit_test(level_counts__sum__all_and_errors),
	};

	return cmocka_run_group_tests_name("store/query", tests, make_store, drop_store);
}
