/*
 * What surrounds an incident must not change what is said of it: the sample with stray lines, gaps, losses and hours of
 * normal traffic around it gives the same culprit, the same order and the same background.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/analyst/analysis.h"
#include "tocsin/ingest/intake.h"
#include "tocsin/mine/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAXIMUM 600000
#define SAMPLE_START (INT64_C(1747514340) * TIMESTAMP_SECOND) /* 2025-05-17T20:39:00Z */
#define HOUR (60 * TIMESTAMP_MINUTE)

struct line {
	int64_t time;
	char service[32];
	uint16_t source;
	uint8_t level;
	const char *message;
	size_t order;
};

struct lines {
	struct line *items;
	size_t count;
};

/* The sample, read once; every test perturbs a copy. */
static struct line *original;
static size_t original_count;

static void load(const char *path, uint16_t source)
{
	struct store *store = store_create(NULL);
	struct intake_options options = { 0 };
	struct intake *intake = intake_create(store, &options);
	struct batch *batch;

	assert_int_equal(intake_open(intake, slice_of(path), NULL), 0);
	while ((batch = intake_read(intake)))
		intake_publish(intake, batch);
	struct store_reader *reader = intake_reader_create(intake);

	for (uint64_t id = 0; id < store_count(store); id++) {
		struct line *line = &original[original_count];
		struct record record;
		struct store_text text;

		store_record(store, id, &record);
		if (record.time == TIMESTAMP_NONE || reader->read(reader->context, &record, &text) != 0)
			continue;
		*line = (struct line){ .time = record.time, .level = record.level, .source = source };
		slice_copy(store_service_name(store, record.service), line->service, sizeof(line->service));
		line->message = strndup(text.message.data, text.message.size);
		assert_non_null(line->message);
		original_count++;
	}
	intake_reader_destroy(reader);
	intake_destroy(intake);
	store_destroy(store);
}

static size_t sample_count; /* of original; what follows is nova */

static int set_up(void **state)
{
	const char *root = getenv("srcdir") ? getenv("srcdir") : ".";
	char path[4096];

	(void)state;
	original = calloc(60000, sizeof(*original));
	assert_non_null(original);
	snprintf(path, sizeof(path), "%s/samples/checkout-incident.csv", root);
	load(path, 0);
	sample_count = original_count;
	snprintf(path, sizeof(path), "%s/samples/openstack/nova-compute.log", root);
	load(path, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < original_count; i++)
		free((char *)original[i].message);
	free(original);
	return 0;
}

static void add(struct lines *lines, const struct line *line, int64_t later)
{
	assert_true(lines->count < LINES_MAXIMUM);
	lines->items[lines->count] = *line;
	lines->items[lines->count].time += later;
	lines->items[lines->count].order = lines->count;
	lines->count++;
}

static void say(struct lines *lines, double second, const char *service, enum level level, const char *message)
{
	struct line line = {
		.time = SAMPLE_START + (int64_t)(second * 1000) * 1000000, .level = (uint8_t)level, .message = message
	};

	snprintf(line.service, sizeof(line.service), "%s", service);
	add(lines, &line, 0);
}

/* --- the perturbations --- */

static void keep(struct lines *lines)
{
	(void)lines;
}

static void line_far_before(struct lines *lines)
{
	say(lines, -6410, "gateway", LEVEL_INFO, "hello");
}

static void error_far_before(struct lines *lines)
{
	say(lines, -86400, "orders-db", LEVEL_ERROR, "hello");
	say(lines, -6410, "notifier", LEVEL_ERROR, "smtp: 421 try again later");
}

static void line_soon_after(struct lines *lines)
{
	say(lines, 830, "gateway", LEVEL_INFO, "hello");
}

static void line_after(struct lines *lines)
{
	say(lines, 850, "gateway", LEVEL_INFO, "hello");
}

static void line_far_after(struct lines *lines)
{
	say(lines, 7990, "gateway", LEVEL_INFO, "hello");
}

static void heartbeats_before(struct lines *lines)
{
	for (int i = 1; i <= 18; i++)
		say(lines, -600 * i, "notifier", LEVEL_INFO, "alive");
}

static void newcomer_after(struct lines *lines)
{
	for (int i = 0; i < 20; i++)
		say(lines, 850 + i, "coupons", LEVEL_ERROR, "no route to the rules");
}

static void newcomer_far_after(struct lines *lines)
{
	for (int i = 0; i < 20; i++)
		say(lines, 7200, "coupons", LEVEL_ERROR, "no route to the rules");
}

static void remove_between(struct lines *lines, int64_t from, int64_t to)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].time < SAMPLE_START + from * TIMESTAMP_SECOND ||
			lines->items[i].time >= SAMPLE_START + to * TIMESTAMP_SECOND)
			lines->items[kept++] = lines->items[i];
	lines->count = kept;
}

static void gap_in_the_trouble(struct lines *lines)
{
	remove_between(lines, 240, 420);
}

static void gap_in_the_quiet(struct lines *lines)
{
	remove_between(lines, 15, 40);
}

/* All that follows is an hour later, as if the machine had slept. */
static void pause_in_the_trouble(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].time >= SAMPLE_START + 300 * TIMESTAMP_SECOND)
			lines->items[i].time += HOUR;
}

static void drop_each(struct lines *lines, size_t period)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++)
		if (i % period != 0)
			lines->items[kept++] = lines->items[i];
	lines->count = kept;
}

static void drop_each_second(struct lines *lines)
{
	drop_each(lines, 2);
}

static void drop_each_third(struct lines *lines)
{
	drop_each(lines, 3);
}

static void drop_each_tenth(struct lines *lines)
{
	drop_each(lines, 10);
}

static void shift(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		lines->items[i].time += 77 * HOUR + INT64_C(13456789123);
}

/* The quiet first minute of the sample, again and again. */
static void add_normal(struct lines *lines, int from_minute, int to_minute)
{
	for (int minute = from_minute; minute < to_minute; minute++)
		for (size_t i = 0; i < sample_count && original[i].time < SAMPLE_START + TIMESTAMP_MINUTE; i++)
			add(lines, &original[i], minute * (int64_t)TIMESTAMP_MINUTE);
}

static void normal_before(struct lines *lines)
{
	add_normal(lines, -180, 0);
}

static void normal_after(struct lines *lines)
{
	add_normal(lines, 14, 14 + 180);
}

static void normal_after_a_silence(struct lines *lines)
{
	add_normal(lines, 60, 60 + 45);
}

static void normal_around(struct lines *lines)
{
	add_normal(lines, -60, 0);
	add_normal(lines, 14, 14 + 60);
}

static void second_source(struct lines *lines)
{
	for (size_t i = sample_count; i < original_count; i++)
		add(lines, &original[i], 0);
}

static void second_source_goes_on(struct lines *lines)
{
	for (size_t i = sample_count; i < original_count; i++)
		add(lines, &original[i], 6 * HOUR + 50 * TIMESTAMP_MINUTE);
}

static void one_source_for_both(struct lines *lines)
{
	second_source(lines);
	for (size_t i = 0; i < lines->count; i++)
		lines->items[i].source = 0;
}

static void heartbeat_and_newcomer(struct lines *lines)
{
	heartbeats_before(lines);
	newcomer_after(lines);
	line_far_after(lines);
}

/* --- the property --- */

struct world {
	struct lines lines;
	struct store *store;
	struct store_reader reader;
	struct detect *detect;
	struct analysis *analysis;
};

static int read_line(void *context, const struct record *record, struct store_text *text)
{
	const struct world *world = context;

	*text = (struct store_text){ 0 };
	text->raw = text->message = slice_of(world->lines.items[record->offset].message);
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct line *left = a, *right = b;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return left->order < right->order ? -1 : left->order > right->order;
}

static void world_store(struct world *world)
{
	char signature[SIGNATURE_MAXIMUM];
	uint16_t source;

	qsort(world->lines.items, world->lines.count, sizeof(*world->lines.items), by_time);
	world->store = store_create(NULL);
	assert_int_equal(store_add_source(world->store, slice_of("checkout.csv"), &source), 0);
	assert_int_equal(store_add_source(world->store, slice_of("nova.log"), &source), 0);
	for (size_t i = 0; i < world->lines.count; i++) {
		const struct line *line = &world->lines.items[i];
		struct slice message = slice_of(line->message);
		struct store_row row = { .time = line->time,
			.level = (enum level)line->level,
			.source = line->source,
			.offset = i,
			.size = (uint32_t)message.size,
			.line = i + 2,
			.service = slice_of(line->service) };

		row.signature = (struct slice){ signature, signature_make(message, signature) };
		assert_int_equal(store_append(world->store, &row), 0);
	}
	store_publish(world->store);
}

static void world_open(struct world *world, void (*perturb)(struct lines *lines))
{
	*world = (struct world){ 0 };
	world->lines.items = calloc(LINES_MAXIMUM, sizeof(*world->lines.items));
	assert_non_null(world->lines.items);
	for (size_t i = 0; i < sample_count; i++)
		add(&world->lines, &original[i], 0);
	perturb(&world->lines);
	world_store(world);
	world->reader = (struct store_reader){ .context = world, .read = read_line };
	world->detect = detect_create(NULL);
	struct analysis_input input = { .store = world->store,
		.reader = &world->reader,
		.horizon = horizon_all(world->store),
		.detect = world->detect };
	while (detect_advance(world->detect, world->store, input.horizon, 100000))
		;
	world->analysis = analysis_create(&input);
	while (analysis_step(world->analysis))
		;
}

static void world_close(struct world *world)
{
	analysis_destroy(world->analysis);
	detect_destroy(world->detect);
	store_destroy(world->store);
	free(world->lines.items);
}

/* "orders-db > inventory-service | notifier": the abnormal in order, then the background. */
static void describe(const struct world *world, char *out, size_t capacity)
{
	const struct onset_report *report = analysis_onsets(world->analysis);
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < report->onsets.count; i++) {
		const struct onset *onset = vector_at(&report->onsets, i);
		struct slice name = store_service_name(world->store, onset->service);

		if (onset->time == TIMESTAMP_NONE && !onset->background)
			continue;
		used += (size_t)snprintf(out + used, capacity - used, "%s%.*s", onset->background ? "| " : "",
			(int)name.size, name.data);
		used += (size_t)snprintf(out + used, capacity - used, " ");
	}
}

static void perturbed__gives_the_same_verdict__whatever_surrounds_the_incident(void **state)
{
	static const char usual[] = "orders-db inventory-service payment-service gateway | notifier ";
	static const struct {
		const char *name;
		void (*perturb)(struct lines *lines);
		double confidence;
	} rows[] = {
		{ "nothing", keep, 0.95 },
		{ "a line far before", line_far_before, 0.95 },
		{ "errors far before", error_far_before, 0.9 },
		{ "a line soon after", line_soon_after, 0.95 },
		{ "a line after", line_after, 0.95 },
		{ "a line far after", line_far_after, 0.95 },
		{ "heartbeats before", heartbeats_before, 0.95 },
		{ "a newcomer after", newcomer_after, 0.9 },
		{ "a newcomer far after", newcomer_far_after, 0.9 },
		{ "all of these", heartbeat_and_newcomer, 0.9 },
		{ "a gap in the trouble", gap_in_the_trouble, 0.9 },
		{ "a gap in the quiet", gap_in_the_quiet, 0.9 },
		{ "a pause in the trouble", pause_in_the_trouble, 0.9 },
		{ "each second dropped", drop_each_second, 0.8 },
		{ "each third dropped", drop_each_third, 0.8 },
		{ "each tenth dropped", drop_each_tenth, 0.9 },
		{ "another day", shift, 0.95 },
		{ "three hours of normal traffic before", normal_before, 0.9 },
		{ "three hours of normal traffic after", normal_after, 0.9 },
		{ "normal traffic after a silence", normal_after_a_silence, 0.9 },
		{ "an hour of normal traffic around", normal_around, 0.9 },
		{ "a second source", second_source, 0.9 },
		{ "a second source that goes on", second_source_goes_on, 0.8 },
		{ "both in one source", one_source_for_both, 0.9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world;
		const struct verdict *verdict;
		char found[400];

		world_open(&world, rows[i].perturb);
		verdict = analysis_verdict(world.analysis);
		describe(&world, found, sizeof(found));
		if (verdict->kind != VERDICT_ROOT_CAUSE || strcmp(found, usual) != 0 ||
			!slice_is(store_service_name(world.store, verdict->service), "orders-db") ||
			verdict->confidence < rows[i].confidence)
			fail_msg("%s: %s %.2f, %s", rows[i].name, verdict_kind_name(verdict->kind), verdict->confidence,
				found);
		world_close(&world);
	}
}

static void perturbed__tells_of_the_other_trouble__when_there_are_two(void **state)
{
	struct world world;
	const struct onset_report *report;
	const struct onset_trouble *other;
	bool told = false;

	(void)state;
	world_open(&world, second_source);
	report = analysis_onsets(world.analysis);
	assert_int_equal(report->others.count, 1);
	other = vector_at(&report->others, 0);
	assert_int_equal(other->services, 2);
	assert_true(slice_starts(store_service_name(world.store, other->service), "nova-"));
	assert_true(slice_find(analysis_verdict(world.analysis)->summary, slice_of("another trouble")) != SIZE_MAX);
	for (size_t i = 0; i < analysis_verdict(world.analysis)->claim_count; i++)
		told = told ||
			(analysis_verdict(world.analysis)->claims[i].proven &&
				slice_starts(analysis_verdict(world.analysis)->claims[i].text, "another trouble"));
	assert_true(told);
	assert_true(report->active < HOUR);
	world_close(&world);
}

/* Hours after it the incident is still as long as it was. */
static void perturbed__ends_the_impact_with_the_trouble__when_the_log_goes_on(void **state)
{
	struct world world;
	const struct verdict *verdict;

	(void)state;
	world_open(&world, normal_after);
	verdict = analysis_verdict(world.analysis);
	assert_true(verdict->impact_from < SAMPLE_START + 120 * TIMESTAMP_SECOND);
	assert_true(verdict->impact_to > SAMPLE_START + 600 * TIMESTAMP_SECOND);
	assert_true(verdict->impact_to < SAMPLE_START + 840 * TIMESTAMP_SECOND);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(perturbed__gives_the_same_verdict__whatever_surrounds_the_incident),
		cmocka_unit_test(perturbed__tells_of_the_other_trouble__when_there_are_two),
		cmocka_unit_test(perturbed__ends_the_impact_with_the_trouble__when_the_log_goes_on),
	};

	return cmocka_run_group_tests_name("analyst/perturbed", tests, set_up, tear_down);
}
