#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/analyst/question.h"
#include "tocsin/ingest/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sample as `analyze` sees it: read from the file, judged against the truth that its generator wrote beside it. */
struct world {
	struct store *store;
	struct intake *intake;
	struct store_reader *reader;
	struct detect *detect;
	struct analysis_input input;
	struct analysis *analysis;
};

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	const char *root = getenv("srcdir") ? getenv("srcdir") : ".";
	char path[4096];
	struct intake_options options = { 0 };
	struct batch *batch;

	snprintf(path, sizeof(path), "%s/samples/checkout-incident.csv", root);
	world->store = store_create(NULL);
	world->intake = intake_create(world->store, &options);
	if (intake_open(world->intake, slice_of(path), NULL))
		return -1;
	while ((batch = intake_read(world->intake)))
		intake_publish(world->intake, batch);
	world->reader = intake_reader_create(world->intake);
	world->detect = detect_create(NULL);
	world->input = (struct analysis_input){ .store = world->store,
		.reader = world->reader,
		.horizon = horizon_all(world->store),
		.detect = world->detect };
	while (detect_advance(world->detect, world->store, world->input.horizon, 100000))
		;
	world->analysis = analysis_create(&world->input);
	while (analysis_step(world->analysis))
		;
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	analysis_destroy(world->analysis);
	detect_destroy(world->detect);
	intake_reader_destroy(world->reader);
	intake_destroy(world->intake);
	store_destroy(world->store);
	free(world);
	return 0;
}

static uint32_t code(const struct world *world, const char *name)
{
	uint32_t service = STORE_NO_CODE;

	assert_int_equal(store_service_find(world->store, slice_of(name), &service), 0);
	return service;
}

static void sample__gives_the_truth__when_analysed(void **state)
{
	static const char *const order[] = { "orders-db", "inventory-service", "payment-service", "gateway" };
	struct world *world = *state;
	const struct verdict *verdict = analysis_verdict(world->analysis);
	const struct onset_report *onsets = analysis_onsets(world->analysis);

	assert_int_equal(verdict->kind, VERDICT_ROOT_CAUSE);
	assert_int_equal(verdict->service, code(world, "orders-db"));
	assert_true(verdict->confidence >= 0.85);
	assert_true(slice_is(verdict->category, "database") || slice_is(verdict->category, "resource_shortage"));
	assert_true(slice_is(verdict->severity, "critical"));
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		assert_int_equal(verdict->ranking[i].service, code(world, order[i]));
		assert_int_equal(((struct onset *)vector_at(&onsets->onsets, i))->service, code(world, order[i]));
	}
	for (size_t i = 0; i < verdict->claim_count; i++)
		assert_true(verdict->claims[i].proven);
	assert_true(slice_find(verdict->summary, slice_of("max=50")) != SIZE_MAX);
}

static void sample__sets_the_innocent_aside__when_analysed(void **state)
{
	struct world *world = *state;
	const struct transcript *transcript = analysis_transcript(world->analysis);
	bool notifier = false, search = false, victim = false;

	for (size_t i = 0; i < transcript_count(transcript); i++) {
		struct slice text = transcript_at(transcript, i)->text;

		if (transcript_at(transcript, i)->kind != ENTRY_STEP)
			continue;
		notifier = notifier ||
			(slice_starts(text, "notifier errs at its usual rate") && slice_ends(text, "set aside"));
		search = search || slice_find(text, slice_of("innocent, search stayed normal")) != SIZE_MAX;
		victim = victim || (slice_starts(text, "gateway is loudest") && slice_ends(text, "a victim"));
	}
	assert_true(notifier);
	assert_true(search);
	assert_true(victim);
}

static void sample__gets_two_tickets__when_the_fatal_rule_is_met(void **state)
{
	static const struct {
		const char *service, *template, *severity;
		uint64_t count;
	} rows[] = { { "orders-db", "cannot obtain connection, giving up", "critical", 9 },
		{ "payment-service", "capture failed: upstream unavailable", "high", 14 } };
	struct world *world = *state;

	assert_int_equal(analysis_proposal_count(world->analysis), 2);
	for (size_t i = 0; i < 2; i++) {
		const struct ticket *ticket = analysis_proposal(world->analysis, i);

		assert_string_equal(ticket->service, rows[i].service);
		assert_string_equal(ticket->template, rows[i].template);
		assert_string_equal(ticket->severity, rows[i].severity);
		assert_int_equal(ticket->count, rows[i].count);
		assert_true(ticket->first < ticket->ready && ticket->ready <= ticket->last);
	}
}

/* The four questions of issue 2, and their follow-up. */
static void sample__answers_the_quoted_questions__when_asked_in_turn(void **state)
{
	static const struct {
		const char *question, *answer;
	} rows[] = {
		{ "how many errors in payment-service after 20:40",
			"504 errors in payment-service, 20:40:00 - 20:52:06 [E" },
		{ "and in inventory-service?", "457 errors in inventory-service, 20:40:00 - 20:52:06 [E" },
		{ "what changed at 20:41", "20:41:00 - 20:42:00 against 20:40:00 - 20:41:00: errors rose from 53 [E" },
		{ "show timeouts", "459 records with \"timeouts\"" },
		{ "which service failed first", "orders-db failed first, at 20:40:28.074" },
	};
	struct world *world = *state;
	struct conversation *conversation = conversation_create();
	struct transcript transcript;
	struct buffer filter;

	transcript_init(&transcript);
	buffer_init(&filter, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t start = transcript_count(&transcript);

		conversation_ask(conversation, &world->input, world->analysis, slice_of(rows[i].question), &transcript,
			analysis_evidence(world->analysis), &filter);
		if (!slice_starts(transcript_at(&transcript, start + 1)->text, rows[i].answer))
			fail_msg("%s: %.*s", rows[i].question, (int)transcript_at(&transcript, start + 1)->text.size,
				transcript_at(&transcript, start + 1)->text.data);
	}
	buffer_release(&filter);
	transcript_release(&transcript);
	conversation_destroy(conversation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample__gives_the_truth__when_analysed),
		cmocka_unit_test(sample__sets_the_innocent_aside__when_analysed),
		cmocka_unit_test(sample__gets_two_tickets__when_the_fatal_rule_is_met),
		cmocka_unit_test(sample__answers_the_quoted_questions__when_asked_in_turn),
	};

	return cmocka_run_group_tests_name("analyst/sample", tests, set_up, tear_down);
}
