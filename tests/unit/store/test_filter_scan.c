/*
 * What columns, templates and whole blocks of bytes tell of a filter is what reading every record tells.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_inside.h"
#include "tocsin/base/buffer.h"
#include "tocsin/store/importance.h"
#include "tocsin/store/selection.h"

#define RECORDS 1500
#define SOURCES 3
#define FILTERS 400
#define NOON INT64_C(1747483200000000000) /* 2025-05-17T12:00:00Z */

static uint64_t seed;

static unsigned next_random(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((seed >> 33) % below);
}

struct world {
	struct store *store;
	struct buffer bytes[SOURCES]; /* "message\n" by "message\n" */
	struct store_reader whole, alone;
	unsigned reads;
};

static const char *const services[] = { "gateway", "orders-db", "payment", "cinder/api" };
static const char *const bodies[] = { "pool exhausted", "timeout waiting for lock", "request done", "retry", "TimeOut" };

/* A message here is its bytes; its one field is its first word. */
static void parse(void *context, struct slice raw, struct store_text *text)
{
	size_t space = slice_find_byte(raw, ' ');

	(void)context;
	*text = (struct store_text){ .raw = raw, .message = raw, .field_count = 1 };
	text->fields[0] = (struct store_field){ slice_of("head"), slice_first(raw, space) };
}

static int read_record(void *context, const struct record *record, struct store_text *text)
{
	struct world *world = context;

	world->reads++;
	parse(context, slice_first(slice_from(buffer_slice(&world->bytes[record->source]), (size_t)record->offset),
			       record->size),
		text);
	return 0;
}

static int read_block(void *context, uint16_t source, uint64_t offset, size_t size, struct slice *bytes,
	enum store_wording *wording)
{
	struct world *world = context;

	*bytes = slice_first(slice_from(buffer_slice(&world->bytes[source]), (size_t)offset), size);
	*wording = WORDING_VERBATIM;
	return bytes->size == size ? 0 : ERROR_ABSENT;
}

static void append(struct world *world, unsigned i)
{
	const char *body = bodies[next_random(5)];
	char message[80], signature[80];
	uint16_t source = (uint16_t)next_random(SOURCES);
	int size = snprintf(message, sizeof(message), "%s of order-%u took %u ms", body, i, next_random(900));
	struct store_row row = { .time = next_random(20) ? NOON + (i + next_random(30)) * TIMESTAMP_SECOND : TIMESTAMP_NONE,
		.level = (enum level)next_random(LEVEL_COUNT),
		.source = source,
		.offset = world->bytes[source].size,
		.size = (uint32_t)size,
		.line = i / SOURCES + 1,
		.service = slice_of(services[next_random(4)]),
		.signature = { signature, (size_t)snprintf(signature, sizeof(signature), "%s of <*> took <*> ms", body) } };

	assert_int_equal(store_append(world->store, &row), 0);
	buffer_append_slice(&world->bytes[source], (struct slice){ message, (size_t)size });
	buffer_append_byte(&world->bytes[source], '\n');
}

static void make(struct world *world, size_t segment_records)
{
	struct store_shape shape = { .segment_records = segment_records, .fanout = 4 };
	uint16_t source;

	*world = (struct world){ .store = store_create_shaped(NULL, shape) };
	assert_non_null(world->store);
	world->alone = (struct store_reader){ .context = world, .read = read_record };
	world->whole = (struct store_reader){
		.context = world, .read = read_record, .bytes = read_block, .parse = parse
	};
	for (int i = 0; i < SOURCES; i++) {
		static const char *const names[] = { "a.csv", "/var/log/b.log", "c.prod.log" };

		buffer_init(&world->bytes[i], 1 << 20);
		store_add_source(world->store, slice_of(names[i]), &source);
	}
	for (unsigned i = 0; i < RECORDS; i++)
		append(world, i);
	store_publish(world->store);
	for (unsigned i = 0; i < RECORDS; i += 2)
		store_put_importance(world->store, i, next_random(1000) / 1000.0);
}

static void release(struct world *world)
{
	for (int i = 0; i < SOURCES; i++)
		buffer_release(&world->bytes[i]);
	store_destroy(world->store);
}

static void write_term(struct buffer *out)
{
	static const char *const terms[] = { "level>=error", "level:info,warn", "level<warn", "service:pay*,gateway",
		"service:/api|db/", "source:*.csv", "source:/\\.prod/", "source:b.log", "template:1", "template>=2",
		"template:/pool/", "since:12:05", "until:12:20:30", "since:10m", "id:100..900", "line<200", "timeout",
		"\"pool exhausted\"", "order-1", "/took 1\\d\\d ms/", "/^retry/", "/time(out)? w/", "field.head=retry",
		"field.head:/^T/", "nothing", "exhausted", "/a*b?/", "importance>0.5", "importance<=0.9" };

	buffer_append_string(out, terms[next_random(sizeof(terms) / sizeof(terms[0]))]);
}

static void write_filter(struct buffer *out, unsigned depth)
{
	unsigned count = 1 + next_random(3);

	for (unsigned i = 0; i < count; i++) {
		buffer_append_string(out, i == 0 ? "" : next_random(2) ? " | " : " ");
		if (next_random(4) == 0)
			buffer_append_byte(out, '-');
		if (depth == 0 || next_random(3)) {
			write_term(out);
			continue;
		}
		buffer_append_byte(out, '(');
		write_filter(out, depth - 1);
		buffer_append_byte(out, ')');
	}
}

static void assert_holds(struct world *world, const struct selection *selection, struct filter *filter, const char *text)
{
	for (uint64_t id = 0; id < RECORDS; id++) {
		struct record record;

		store_record(world->store, id, &record);
		if (filter_match(filter, world->store, &record, &world->alone) != selection_has(selection, id))
			fail_msg("%s: record %d", text, (int)id);
	}
	assert_true(selection_is_complete(selection));
}

/* The same by looks, which begin anywhere and go either way. */
static void look_at_all(struct world *world, struct selection *selection)
{
	struct look *look;

	selection_advance_quickly(selection, world->store, horizon_all(world->store), UINT64_MAX);
	while ((look = selection_take_look(selection, world->store, next_random(RECORDS + 50), (int)next_random(3) - 1,
			1 + next_random(100))) != NULL) {
		look_run(look, &world->whole);
		look_finish(look);
	}
}

static void check(struct world *world, const char *text)
{
	struct filter_scope scope = { .store = world->store, .now = horizon_all(world->store).time };
	struct error error = { 0 };
	struct filter *filter = filter_parse(slice_of(text), &scope, NULL, &error);
	struct selection selection;

	if (!filter)
		fail_msg("%s: %s", text, error.text);
	selection_init(&selection, filter);
	selection_advance(&selection, world->store, &world->whole, horizon_all(world->store), UINT64_MAX);
	assert_holds(world, &selection, filter, text);
	selection_release(&selection);
	selection_init(&selection, filter);
	look_at_all(world, &selection);
	assert_holds(world, &selection, filter, text);
	selection_release(&selection);
	filter_destroy(filter);
}

static void filter__by_columns_and_blocks__is_filter_by_reading_every_record(void **state)
{
	static const size_t shapes[] = { 64, 256, 4096 };
	struct buffer text;

	(void)state;
	buffer_init(&text, 4096);
	for (size_t shape = 0; shape < 3; shape++) {
		struct world world;

		seed = shape + 1;
		make(&world, shapes[shape]);
		for (int i = 0; i < FILTERS; i++) {
			buffer_clear(&text);
			write_filter(&text, 2);
			check(&world, buffer_string(&text));
		}
		release(&world);
	}
	buffer_release(&text);
}

static void filter__that_templates_decide__reads_nothing(void **state)
{
	struct world world;

	(void)state;
	make(&world, 256);
	world.reads = 0;
	for (int i = 0; i < 2; i++) {
		struct filter_scope scope = { .store = world.store, .now = horizon_all(world.store).time };
		struct filter *filter = filter_parse(
			slice_of(i == 0 ? "level>=error template:/exhausted/" : "service:pay* since:12:01"), &scope, NULL,
			NULL);
		struct selection selection;

		assert_non_null(filter);
		assert_false(filter_is_slow(filter));
		selection_init(&selection, filter);
		selection_advance(&selection, world.store, &world.whole, horizon_all(world.store), UINT64_MAX);
		assert_true(selection_count(&selection) > 0);
		selection_release(&selection);
		filter_destroy(filter);
	}
	assert_int_equal(world.reads, 0);
	release(&world);
}

/* The first look is at what lies nearest, and comes back with a screenful. */
static void look__begins_at_the_screen__and_stops_at_a_screenful(void **state)
{
	struct world world;
	struct filter *filter;
	struct selection selection;
	struct look *look;
	uint64_t found;

	(void)state;
	make(&world, 64);
	filter = filter_parse(slice_of("\"waiting for lock\""), &(struct filter_scope){ .store = world.store }, NULL, NULL);
	selection_init(&selection, filter);
	selection_advance_quickly(&selection, world.store, horizon_all(world.store), UINT64_MAX);
	assert_null(selection_take_look(&(struct selection){ .all = true }, world.store, 0, 0, 1));
	look = selection_take_look(&selection, world.store, 1000, 0, 20);
	assert_null(selection_take_look(&selection, world.store, 1000, 0, 20));
	look_run(look, &world.whole);
	assert_true(look_finish(look));
	assert_in_range(selection_count(&selection), 20, 60);
	assert_true(selection_knows(&selection, 1000));
	assert_false(selection_knows(&selection, 0));
	assert_int_equal(selection_nearest(&selection, &selection, 1000, 1, &found), NEAREST_FOUND);
	assert_int_equal(selection_nearest(&selection, &selection, 10, -1, &found), NEAREST_UNKNOWN);
	/* One that is forgotten is cancelled, and changes nothing. */
	look = selection_take_look(&selection, world.store, 0, 1, UINT64_MAX);
	selection_release(&selection);
	look_run(look, &world.whole);
	assert_false(look_finish(look));
	filter_destroy(filter);
	release(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter__by_columns_and_blocks__is_filter_by_reading_every_record),
		cmocka_unit_test(filter__that_templates_decide__reads_nothing),
		cmocka_unit_test(look__begins_at_the_screen__and_stops_at_a_screenful),
	};

	return cmocka_run_group_tests_name("filter_scan", tests, NULL, NULL);
}
