/*
 * Logs of every shape, in segments and rollups so small that a few thousand records cross all of their edges, are read
 * back and asked about, and compared with what was appended.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/store_inside.h"
#include "tocsin/store/selection.h"

#define RECORDS 1700 /* with segments of 64 and 2 of them in a rollup: all three levels, and a part of a segment */
#define SERVICES 6
#define TEMPLATES 40
#define BUCKETS 9

struct shape_case {
	const char *name;
	size_t segment_records;
	size_t fanout;
	uint64_t first;    /* id */
	uint64_t offset;   /* of the first record */
	uint64_t line;     /* likewise */
	int64_t time;      /* likewise */
	int64_t unit;      /* times are multiples of it */
	uint32_t late;     /* per cent of records out of order */
	uint32_t timeless; /* per cent */
	uint32_t gap;      /* per cent of records with a hole in time and place before them */
	uint16_t sources;
	uint32_t templates;
	bool wild; /* any 64-bit number anywhere */
};

#define YEAR_2025 INT64_C(1746057600000000000)

static const struct shape_case cases[] = {
	{ "plain", 64, 2, 0, 0, 1, YEAR_2025, 1000, 0, 0, 0, 1, 5, false },
	{ "blocks", 256, 2, 0, 0, 1, YEAR_2025, 1000, 0, 1, 1, 1, 5, false },
	{ "seconds", 128, 3, 0, 0, 1, YEAR_2025, TIMESTAMP_SECOND, 0, 0, 0, 1, 5, false },
	{ "nanoseconds before 1970", 64, 2, 0, 0, 1, -5000, 1, 0, 0, 0, 1, 5, false },
	{ "holes", 64, 2, 0, 0, 1, YEAR_2025, 1000000, 0, 0, 4, 1, 5, false },
	{ "late", 64, 3, 0, 0, 1, YEAR_2025, 1000, 10, 0, 0, 1, 5, false },
	{ "some without time", 64, 2, 0, 0, 1, YEAR_2025, 1000, 5, 20, 0, 1, 5, false },
	{ "none with time", 64, 2, 0, 0, 1, YEAR_2025, 1000, 0, 100, 0, 1, 5, false },
	{ "several sources", 128, 2, 0, 0, 1, YEAR_2025, 1000, 5, 3, 2, 7, 5, false },
	{ "many sources", 64, 2, 0, 0, 1, YEAR_2025, 1000, 5, 0, 0, 200, 5, false },
	{ "many templates", 256, 2, 0, 0, 1, YEAR_2025, 1000, 5, 3, 0, 3, 3000, false },
	{ "offsets across 2^31", 64, 2, 0, (UINT64_C(1) << 31) - 40000, (UINT64_C(1) << 31) - 500, YEAR_2025, 1000, 0,
		0, 0, 1, 5, false },
	{ "offsets across 2^32", 64, 2, 0, (UINT64_C(1) << 32) - 40000, (UINT64_C(1) << 32) - 500, YEAR_2025, 1000, 5,
		0, 1, 2, 5, false },
	{ "ids across 2^27", 64, 2, (UINT64_C(1) << 27) - 512, 0, 1, YEAR_2025, 1000, 5, 1, 0, 1, 5, false },
	{ "ids across 2^31", 64, 2, (UINT64_C(1) << 31) - 512, 0, 1, YEAR_2025, 1000, 5, 1, 0, 1, 5, false },
	{ "ids across 2^32", 64, 2, (UINT64_C(1) << 32) - 512, 0, 1, YEAR_2025, 1000, 5, 1, 0, 1, 5, false },
	{ "wild", 64, 2, 0, 0, 1, 0, 1, 0, 2, 0, 1, 50, true },
	{ "wild sources", 128, 2, 0, 0, 1, 0, 1, 0, 2, 0, 9, 50, true },
	{ "the usual size", STORE_SEGMENT_RECORDS, 64, 0, 0, 1, YEAR_2025, 1000, 1, 0, 0, 1, 5, false },
};

struct log {
	const struct shape_case *shape;
	struct store *store;
	struct record *records;
	size_t count;
};

static uint64_t seed;

static uint64_t next_number(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed ^ seed >> 31) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint32_t next_random(uint32_t below)
{
	return (uint32_t)(next_number() >> 33) % below;
}

/* Of any magnitude. */
static uint64_t next_wild(void)
{
	return next_number() >> next_random(64);
}

static bool happens(uint32_t percent)
{
	return next_random(100) < percent;
}

/* --- making a log ---------------------------------------------------------------------------------------------- */

struct place {
	uint64_t offset;
	uint64_t line;
};

static void make_row(
	const struct shape_case *shape, size_t i, int64_t *now, struct place *places, struct store_row *row)
{
	uint16_t source = (uint16_t)next_random(shape->sources);
	bool hole = happens(shape->gap);

	*now += (next_random(900) + (hole ? INT64_C(90000000) : 0)) * shape->unit;
	row->source = source;
	row->time = happens(shape->late) ? *now - next_random(400000) * shape->unit : *now;
	row->size = 60 + next_random(hole ? 9000 : 70);
	places[source].offset += hole ? next_random(1000000) : 0;
	row->offset = places[source].offset;
	row->line = places[source].line;
	places[source].offset += row->size + (i % 50 == 0 ? 2U : 1U);
	places[source].line += 1 + (i % 40 == 0 ? next_random(30) : 0);
	if (shape->wild) {
		row->time = (int64_t)next_wild();
		row->offset = next_wild();
		row->line = next_wild();
		row->size = (uint32_t)next_wild();
	}
	if (happens(shape->timeless))
		row->time = TIMESTAMP_NONE;
	row->level = (enum level)next_random(LEVEL_COUNT);
	row->flags = happens(3) ? RECORD_UNPARSED : 0;
}

static void expect(struct log *log, size_t i, const struct store_row *row, int64_t *newest)
{
	bool late = row->time != TIMESTAMP_NONE && row->time < *newest;

	log->records[i] = (struct record){ .id = log->shape->first + i,
		.time = row->time,
		.source = row->source,
		.level = (uint8_t)row->level,
		.flags = (uint8_t)(row->flags | (late ? RECORD_LATE : 0)),
		.size = row->size,
		.offset = row->offset,
		.line = row->line };
	*newest = row->time > *newest ? row->time : *newest;
}

/* Codes are dense and in order of appearance, which is how the records get theirs. */
static uint32_t code_of(uint32_t *codes, uint32_t name, uint32_t *count)
{
	if (codes[name] == 0)
		codes[name] = ++*count;
	return codes[name] - 1;
}

static void fill(struct log *log)
{
	const struct shape_case *shape = log->shape;
	struct place *places = test_calloc(shape->sources, sizeof(*places));
	uint32_t *services = test_calloc(SERVICES, sizeof(*services)), service_count = 0;
	uint32_t *templates = test_calloc(shape->templates, sizeof(*templates)), template_count = 0;
	int64_t now = shape->time, newest = TIMESTAMP_NONE;
	char service[32], signature[32];
	uint16_t source;

	for (uint16_t i = 0; i < shape->sources; i++) {
		places[i] = (struct place){ shape->offset, shape->line };
		assert_int_equal(store_add_source(log->store, slice_of("source"), &source), 0);
	}
	for (size_t i = 0; i < log->count; i++) {
		uint32_t name = next_random(SERVICES), text = next_random(shape->templates);
		struct store_row row = { .service = { service, 0 }, .signature = { signature, 0 } };

		row.service.size = (size_t)snprintf(service, sizeof(service), "service-%" PRIu32, name);
		row.signature.size = (size_t)snprintf(signature, sizeof(signature), "template %" PRIu32, text);
		make_row(shape, i, &now, places, &row);
		expect(log, i, &row, &newest);
		log->records[i].service = code_of(services, name, &service_count);
		log->records[i].template = code_of(templates, text, &template_count);
		assert_int_equal(store_append(log->store, &row), 0);
		if (happens(2))
			store_publish(log->store);
	}
	store_publish(log->store);
	test_free(places);
	test_free(services);
	test_free(templates);
}

static void log_init(struct log *log, const struct shape_case *shape)
{
	struct store_options options = { .maximum_records = shape->first + 100000 };
	struct store_shape store_shape = { shape->segment_records, shape->fanout, shape->first };

	seed = 7;
	log->shape = shape;
	log->count = shape->segment_records < RECORDS / 4 ? RECORDS : STORE_SEGMENT_RECORDS * 2 + RECORDS;
	log->records = test_calloc(log->count, sizeof(*log->records));
	log->store = store_create_shaped(&options, store_shape);
	assert_non_null(log->store);
	fill(log);
}

static void log_release(struct log *log)
{
	store_destroy(log->store);
	test_free(log->records);
}

/* --- asking ---------------------------------------------------------------------------------------------------- */

struct question {
	struct horizon horizon;
	size_t visible; /* records */
	struct window window;
	uint32_t service, template;
};

static int64_t some_time(const struct log *log)
{
	int64_t time = log->records[next_random((uint32_t)log->count)].time;

	return time == TIMESTAMP_NONE ? log->shape->time : time;
}

static struct question next_question(const struct log *log)
{
	struct question question = { .visible =
					     next_random(3) == 0 ? next_random((uint32_t)log->count + 1) : log->count };
	int64_t a = some_time(log), b = some_time(log);

	question.horizon = (struct horizon){ log->shape->first + question.visible, 0 };
	question.window = a < b ? (struct window){ a, b } : (struct window){ b, a };
	if (next_random(5) == 0)
		question.window = (struct window){ INT64_MIN, INT64_MAX };
	question.service = next_random(2) ? QUERY_ALL : next_random(SERVICES);
	question.template = next_random(2) ? QUERY_ALL : next_random(TEMPLATES);
	return question;
}

static bool is_in(const struct record *record, const struct question *question)
{
	return record->time != TIMESTAMP_NONE && record->time >= question->window.from &&
		record->time < question->window.to;
}

static void check_records(const struct log *log)
{
	assert_int_equal(store_count(log->store), log->shape->first + log->count);
	for (size_t i = 0; i < log->count; i++) {
		struct record record, *expected = &log->records[i];

		store_record(log->store, expected->id, &record);
		assert_int_equal(record.id, expected->id);
		assert_int_equal(record.time, expected->time);
		assert_int_equal(store_time(log->store, expected->id), expected->time);
		assert_int_equal(record.service, expected->service);
		assert_int_equal(record.template, expected->template);
		assert_int_equal(record.source, expected->source);
		assert_int_equal(record.level, expected->level);
		assert_int_equal(record.flags, expected->flags);
		assert_int_equal(record.size, expected->size);
		assert_int_equal(record.offset, expected->offset);
		assert_int_equal(record.line, expected->line);
	}
}

static void check_edges(const struct log *log, const struct question *question)
{
	struct window extent = { 0 }, expected = { INT64_MAX, TIMESTAMP_NONE };
	int64_t time = some_time(log);
	uint64_t found = question->horizon.records, unparsed = 0;
	size_t from = next_random((uint32_t)question->visible + 1);
	bool known = false;

	for (size_t i = 0; i < question->visible; i++) {
		const struct record *record = &log->records[i];

		if (record->time >= time && found == question->horizon.records)
			found = record->id;
		unparsed += i >= from && record->flags & RECORD_UNPARSED;
		if (record->time == TIMESTAMP_NONE)
			continue;
		known = true;
		expected.from = record->time < expected.from ? record->time : expected.from;
		expected.to = record->time >= expected.to ? record->time + (record->time < INT64_MAX) : expected.to;
	}
	assert_int_equal(query_find_time(log->store, question->horizon, time), found);
	assert_int_equal(query_unparsed(log->store, log->shape->first + from, question->horizon.records), unparsed);
	assert_int_equal(query_extent(log->store, question->horizon, &extent), known);
	if (known) {
		assert_int_equal(extent.from, expected.from);
		assert_int_equal(extent.to, expected.to);
	}
}

static void check_counts(const struct log *log, const struct question *question)
{
	struct level_counts counts =
		query_count(log->store, question->horizon, question->window, question->service, question->template);
	struct level_counts expected = { 0 };

	for (size_t i = 0; i < question->visible; i++) {
		const struct record *record = &log->records[i];

		if (is_in(record, question) &&
			(question->service == QUERY_ALL || record->service == question->service) &&
			(question->template == QUERY_ALL || record->template == question->template))
			expected.of[record->level]++;
	}
	assert_memory_equal(&counts, &expected, sizeof(counts));
}

static void check_histograms(const struct log *log, const struct question *question)
{
	struct level_counts all[BUCKETS] = { 0 }, expected_all[BUCKETS] = { 0 };
	struct level_counts each[SERVICES * BUCKETS] = { 0 }, expected_each[SERVICES * BUCKETS] = { 0 };
	uint64_t span = (uint64_t)question->window.to - (uint64_t)question->window.from;
	uint64_t width = span / BUCKETS + (span % BUCKETS != 0);

	query_histogram(log->store, question->horizon, question->window, question->service, BUCKETS, all);
	query_service_histograms(log->store, question->horizon, question->window, BUCKETS, SERVICES, each);
	for (size_t i = 0; i < question->visible; i++) {
		const struct record *record = &log->records[i];
		size_t bucket;

		if (!is_in(record, question))
			continue;
		bucket = (size_t)(((uint64_t)record->time - (uint64_t)question->window.from) / width);
		if (question->service == QUERY_ALL || record->service == question->service)
			expected_all[bucket].of[record->level]++;
		expected_each[record->service * BUCKETS + bucket].of[record->level]++;
	}
	assert_memory_equal(all, expected_all, sizeof(all));
	assert_memory_equal(each, expected_each, sizeof(each));
}

static void check_templates(const struct log *log, const struct question *question)
{
	uint64_t counts[TEMPLATES] = { 0 }, firsts[TEMPLATES], expected[TEMPLATES] = { 0 };
	uint64_t expected_firsts[TEMPLATES];
	enum level level = (enum level)next_random(LEVEL_UNKNOWN);

	memset(expected_firsts, 0xff, sizeof(expected_firsts));
	query_template_counts(
		log->store, question->horizon, question->window, question->service, level, TEMPLATES, counts, firsts);
	for (size_t i = 0; i < question->visible; i++) {
		const struct record *record = &log->records[i];

		if (!is_in(record, question) || record->template >= TEMPLATES ||
			(question->service != QUERY_ALL && record->service != question->service) ||
			(level != LEVEL_TRACE && (record->level < level || record->level == LEVEL_UNKNOWN)))
			continue;
		if (expected[record->template]++ == 0)
			expected_firsts[record->template] = record->id;
	}
	assert_memory_equal(counts, expected, sizeof(counts));
	assert_memory_equal(firsts, expected_firsts, sizeof(firsts));
}

/* What a selection decides for many records at once is what filter_match says of each. */
static void check_selection(const struct log *log, const char *text, struct horizon horizon)
{
	struct filter_scope scope = { .store = log->store, .now = log->records[log->count / 2].time };
	struct filter *filter = filter_parse(slice_of(text), &scope, NULL, NULL);
	struct selection selection;
	uint64_t found = 0;

	if (!filter) { /* there is no time to count back from */
		assert_true(scope.now == TIMESTAMP_NONE || log->shape->wild);
		return;
	}
	assert_int_equal(selection_init(&selection, filter), 0);
	while (selection_advance(&selection, log->store, NULL, horizon, 1 + next_random(500)))
		;
	for (size_t i = 0; i < horizon.records - log->shape->first; i++) {
		uint64_t id = log->records[i].id;

		assert_int_equal(selection_index(&selection, id), found);
		if (filter_match(filter, log->store, &log->records[i], NULL))
			assert_int_equal(selection_id(&selection, found++), id);
	}
	assert_int_equal(selection_count(&selection), found);
	selection_advance(&selection, log->store, NULL, (struct horizon){ log->shape->first, 0 }, 1);
	assert_int_equal(selection_count(&selection), 0);
	selection_release(&selection);
	filter_destroy(filter);
}

static void logs_of_every_shape__filter_as_each_record_matches(void **state)
{
	static const char *const filters[] = { "service:service-1,service-4", "level>=error", "-template:2..4",
		"source:*r* level:info", "line:100..400 -service:service-2", "since:50ms", "until:0 | level:unknown",
		"-(since:100ms service:*-3)", "id:70..130 | id:900..", "-id:..200 template:1", "service:absent", "word",
		"-word level=warn", "level=warn | (template:1 line>50)" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct log log;

		log_init(&log, &cases[i]);
		for (size_t k = 0; k < sizeof(filters) / sizeof(*filters); k++) {
			check_selection(&log, filters[k], horizon_all(log.store));
			check_selection(&log, filters[k], next_question(&log).horizon);
		}
		log_release(&log);
	}
}

static void logs_of_every_shape__answer_as_they_were_appended(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct log log;

		print_message("# %s\n", cases[i].name);
		log_init(&log, &cases[i]);
		check_records(&log);
		for (int round = 0; round < 60; round++) {
			struct question question = next_question(&log);

			check_edges(&log, &question);
			check_counts(&log, &question);
			check_histograms(&log, &question);
			check_templates(&log, &question);
		}
		log_release(&log);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_of_every_shape__answer_as_they_were_appended),
		cmocka_unit_test(logs_of_every_shape__filter_as_each_record_matches),
	};

	return cmocka_run_group_tests_name("store/shape", tests, NULL, NULL);
}
