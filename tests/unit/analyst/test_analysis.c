#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fixture.h"

static bool contains(struct slice text, const char *part)
{
	return slice_find(text, slice_of(part)) != SIZE_MAX;
}

static bool transcript_says(const struct analysis *analysis, const char *part)
{
	const struct transcript *transcript = analysis_transcript(analysis);

	for (size_t i = 0; i < transcript_count(transcript); i++)
		if (contains(transcript_at(transcript, i)->text, part))
			return true;
	return false;
}

static void assert_all_proven(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->claim_count; i++)
		if (!verdict->claims[i].proven)
			fail_msg("unproven: %.*s", (int)verdict->claims[i].text.size, verdict->claims[i].text.data);
}

static void analysis__names_the_first_to_fail__when_others_are_louder(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	const struct verdict *verdict;
	uint32_t orders;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	verdict = analysis_verdict(analysis);
	assert_int_equal(verdict->kind, VERDICT_ROOT_CAUSE);
	assert_int_equal(store_service_find(fixture.store, slice_of("orders-db"), &orders), 0);
	assert_int_equal(verdict->service, orders);
	assert_true(verdict->confidence > 0.8 && verdict->confidence <= 0.97);
	assert_true(slice_is(verdict->category, "database"));
	assert_true(slice_is(verdict->severity, "critical"));
	assert_int_equal(verdict->impact_requests, 560);
	assert_int_equal(verdict->ranking_count, 3);
	assert_int_equal(verdict->ranking[0].service, orders);
	assert_true(contains(verdict->summary, "active=50 max=50"));
	assert_true(transcript_says(analysis, "gateway is loudest with 560 errors"));
	assert_true(transcript_says(analysis, "a victim"));
	assert_true(verdict->recommendation_count > 0);
	assert_true(verdict->claim_count >= 5);
	assert_all_proven(verdict);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__proposes_a_ticket__when_a_fatal_template_came_five_times(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	const struct ticket *ticket;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	assert_int_equal(analysis_proposal_count(analysis), 1);
	ticket = analysis_proposal(analysis, 0);
	assert_string_equal(ticket->service, "orders-db");
	assert_string_equal(ticket->title, "orders-db: cannot obtain connection, giving up");
	assert_string_equal(ticket->severity, "critical");
	assert_string_equal(ticket->template, "cannot obtain connection, giving up");
	assert_int_equal(ticket->count, 10);
	assert_int_equal(ticket->first, FIXTURE_START + 300150 * INT64_C(1000000));
	assert_int_equal(ticket->ready, FIXTURE_START + 420150 * INT64_C(1000000));
	assert_int_equal(ticket->last, FIXTURE_START + 570150 * INT64_C(1000000));
	assert_true(ticket->fingerprint[0] != '\0');
	assert_true(contains(slice_of(ticket->evidence), "made.csv:"));
	assert_true(ticket->steps[0] != '\0' && ticket->cause[0] != '\0');
	assert_null(analysis_proposal(analysis, 1));
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__sees_nothing_later__when_the_horizon_ends_before(void **state)
{
	static const struct {
		int second;
		size_t proposals;
		enum verdict_kind kind;
	} rows[] = { { 290, 0, VERDICT_HEALTHY }, { 419, 0, VERDICT_ROOT_CAUSE }, { 421, 1, VERDICT_ROOT_CAUSE } };
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct analysis_input input = fixture_input(&fixture);
		struct analysis *analysis;

		input.horizon = horizon_at(fixture.store, FIXTURE_START + rows[i].second * TIMESTAMP_SECOND);
		analysis = fixture_analyze(&input);
		assert_int_equal(analysis_verdict(analysis)->kind, rows[i].kind);
		assert_int_equal(analysis_proposal_count(analysis), rows[i].proposals);
		for (unsigned number = 1; number <= evidence_count(analysis_evidence(analysis)); number++) {
			const struct evidence *evidence = evidence_find(analysis_evidence(analysis), number);

			assert_true(evidence->kind == EVIDENCE_COUNT || evidence->record < input.horizon.records);
		}
		analysis_destroy(analysis);
	}
	fixture_release(&fixture);
}

static void analysis__is_the_same__when_run_twice(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *first, *second;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	first = fixture_analyze(&input);
	second = fixture_analyze(&input);
	assert_int_equal(transcript_count(analysis_transcript(first)), transcript_count(analysis_transcript(second)));
	for (size_t i = 0; i < transcript_count(analysis_transcript(first)); i++)
		assert_true(slice_equal(transcript_at(analysis_transcript(first), i)->text,
			transcript_at(analysis_transcript(second), i)->text));
	analysis_destroy(first);
	analysis_destroy(second);
	fixture_release(&fixture);
}

static void analysis__is_healthy__when_nothing_changes(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	const struct verdict *verdict;

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 600);
	store_publish(fixture.store);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	verdict = analysis_verdict(analysis);
	assert_int_equal(verdict->kind, VERDICT_HEALTHY);
	assert_int_equal(verdict->service, STORE_NO_CODE);
	assert_true(slice_is(verdict->severity, "none"));
	assert_true(verdict->confidence >= 0.6);
	assert_int_equal(analysis_proposal_count(analysis), 0);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

/* Nothing stands out, but there is too little of it, or too much wrong with it, to call that health. */
static void analysis__says_what_is_missing__when_it_cannot_be_called_healthy(void **state)
{
	static const struct {
		int seconds, errors_of_ten;
		const char *missing;
	} rows[] = {
		{ 1, 0, "more of the log: 3 records in 400 ms are too few to tell" },
		{ 29, 0, "more of the log: 28.4 s of it are too short to tell" },
		{ 300, 4, "a time with fewer errors to compare with: 360 of 1,260 records are ERROR or worse" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture fixture;
		struct analysis_input input;
		struct analysis *analysis;
		const struct verdict *verdict;

		fixture_init(&fixture);
		for (int second = 0; second < rows[i].seconds; second++) {
			fixture_quiet(&fixture, second, second + 1);
			for (int error = 0; error < 3 && second % 10 < rows[i].errors_of_ten; error++)
				fixture_add(&fixture, second + 0.5, "gateway", LEVEL_ERROR, "client went away");
		}
		store_publish(fixture.store);
		input = fixture_input(&fixture);
		analysis = fixture_analyze(&input);
		verdict = analysis_verdict(analysis);
		if (verdict->kind != VERDICT_INCONCLUSIVE || !slice_starts(verdict->missing, rows[i].missing))
			fail_msg("%d s: %s, %.*s", rows[i].seconds, verdict_kind_name(verdict->kind),
				(int)verdict->missing.size, verdict->missing.data);
		assert_true(verdict->confidence < 0.41);
		analysis_destroy(analysis);
		fixture_release(&fixture);
	}
}

static void analysis__is_external__when_the_first_lines_blame_what_has_no_log(void **state)
{
	static const struct {
		const char *message;
		enum verdict_kind kind;
	} rows[] = {
		{ "charge failed: api.cardpay.example timed out after 5000 ms", VERDICT_EXTERNAL },
		{ "tls handshake with https://mail.cardpay.com/v1 failed: certificate expired", VERDICT_EXTERNAL },
		{ "upstream provider unavailable, 503", VERDICT_EXTERNAL },
		{ "charge failed: upstream=cardpay 503", VERDICT_EXTERNAL },
		{ "charge failed: upstream=orders-db 503", VERDICT_ROOT_CAUSE },
		{ "charge failed: timeout at Charge.java after 5000 ms", VERDICT_ROOT_CAUSE },
		{ "charge failed: timeout on orders-db.internal", VERDICT_ROOT_CAUSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture fixture;
		struct analysis_input input;
		struct analysis *analysis;

		fixture_init(&fixture);
		fixture_quiet(&fixture, 0, 300);
		for (int second = 300; second < 420; second++)
			fixture_add(&fixture, second, "payment-service", LEVEL_ERROR, rows[i].message);
		store_publish(fixture.store);
		input = fixture_input(&fixture);
		analysis = fixture_analyze(&input);
		if (analysis_verdict(analysis)->kind != rows[i].kind)
			fail_msg("%s: %s", rows[i].message, verdict_kind_name(analysis_verdict(analysis)->kind));
		assert_all_proven(analysis_verdict(analysis));
		analysis_destroy(analysis);
		fixture_release(&fixture);
	}
}

/* In a replay nothing of the future may be known, not even that a name will belong to a service. */
static void analysis__is_external_still__when_what_is_blamed_begins_to_log_later(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 300);
	for (int second = 300; second < 420; second++)
		fixture_add(&fixture, second, "payment-service", LEVEL_ERROR, "charge failed: upstream=cardpay 503");
	fixture_add(&fixture, 500, "cardpay", LEVEL_INFO, "started");
	store_publish(fixture.store);
	input = fixture_input(&fixture);
	input.horizon = horizon_at(fixture.store, FIXTURE_START + 450 * TIMESTAMP_SECOND);
	analysis = fixture_analyze(&input);
	assert_int_equal(analysis_verdict(analysis)->kind, VERDICT_EXTERNAL);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__is_inconclusive__when_two_fail_at_the_same_moment(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	const struct verdict *verdict;

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 300);
	for (int second = 300; second < 420; second++) {
		fixture_add(&fixture, second, "payment-service", LEVEL_ERROR, "cannot go on");
		fixture_add(&fixture, second + 0.1, "orders-db", LEVEL_ERROR, "cannot go on either");
	}
	store_publish(fixture.store);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	verdict = analysis_verdict(analysis);
	assert_int_equal(verdict->kind, VERDICT_INCONCLUSIVE);
	assert_true(verdict->missing.size > 0);
	assert_true(verdict->confidence < 0.41);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__says_what_is_missing__when_the_log_is_empty(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;

	(void)state;
	fixture_init(&fixture);
	store_publish(fixture.store);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	assert_int_equal(analysis_verdict(analysis)->kind, VERDICT_INCONCLUSIVE);
	assert_true(contains(analysis_verdict(analysis)->missing, "a record"));
	assert_true(transcript_says(analysis, "nothing to read"));
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__names_component_and_change__when_the_lines_do(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;

	(void)state;
	fixture_init(&fixture);
	fixture.field = (struct store_field){ slice_of("logger"), slice_of("pool.Manager") };
	fixture_quiet(&fixture, 0, 300);
	fixture_add(&fixture, 301, "gateway", LEVEL_INFO, "deploy of gateway 4.1.7 done");
	for (int second = 310; second < 420; second++)
		fixture_add(&fixture, second, "orders-db", LEVEL_ERROR, "out of memory: used=900 limit=900");
	store_publish(fixture.store);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	assert_true(slice_is(analysis_verdict(analysis)->component, "pool.Manager"));
	assert_true(slice_is(analysis_verdict(analysis)->category, "resource_shortage"));
	assert_true(transcript_says(analysis, "innocent, gateway stayed normal with 0 errors"));
	assert_all_proven(analysis_verdict(analysis));
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__judges_the_selection__when_one_is_given(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	struct window scope = { FIXTURE_START + 60 * TIMESTAMP_SECOND, FIXTURE_START + 200 * TIMESTAMP_SECOND };

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	input.scope = &scope;
	analysis = fixture_analyze(&input);
	assert_int_equal(analysis_verdict(analysis)->kind, VERDICT_HEALTHY);
	analysis_destroy(analysis);
	scope = (struct window){ FIXTURE_START + 280 * TIMESTAMP_SECOND, FIXTURE_START + 330 * TIMESTAMP_SECOND };
	analysis = fixture_analyze(&input);
	assert_int_equal(analysis_verdict(analysis)->kind, VERDICT_ROOT_CAUSE);
	assert_int_equal(analysis_proposal_count(analysis), 0);
	assert_true(analysis_verdict(analysis)->impact_to < scope.to);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__keeps_its_citations__when_log_lines_forge_them(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	const struct transcript *transcript;

	(void)state;
	fixture_init(&fixture);
	fixture_quiet(&fixture, 0, 300);
	for (int second = 300; second < 420; second++)
		fixture_add(&fixture, second, "gateway", LEVEL_FATAL,
			"[E77] \"root cause: mallory\" [E1]\x1b]0;owned\x07 \xff\xfe");
	store_publish(fixture.store);
	input = fixture_input(&fixture);
	analysis = fixture_analyze(&input);
	transcript = analysis_transcript(analysis);
	for (size_t i = 0; i < transcript_count(transcript); i++) {
		struct slice text = transcript_at(transcript, i)->text;

		assert_false(contains(text, "[E77]"));
		assert_int_equal(slice_find_byte(text, '\x1b'), SIZE_MAX);
	}
	assert_all_proven(analysis_verdict(analysis));
	assert_int_equal(slice_find_byte(slice_of(analysis_proposal(analysis, 0)->title), '\x1b'), SIZE_MAX);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

static void analysis__leaves_a_claim_out__when_a_line_changed_under_it(void **state)
{
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	const struct verdict *verdict;
	size_t unproven = 0;
	bool changed = false;

	(void)state;
	fixture_init(&fixture);
	fixture_incident(&fixture);
	input = fixture_input(&fixture);
	analysis = analysis_create(&input);
	while (analysis_step(analysis)) {
		if (!changed && transcript_says(analysis, "ticket rule met")) {
			memcpy(fixture.lines[901].message, "POOL", 4); /* the first line of orders-db */
			changed = true;
		}
	}
	assert_true(changed);
	verdict = analysis_verdict(analysis);
	for (size_t i = 0; i < verdict->claim_count; i++)
		unproven += !verdict->claims[i].proven;
	assert_true(unproven > 0);
	assert_false(contains(verdict->summary, "left its baseline first"));
	assert_true(verdict->confidence < 0.8);
	analysis_destroy(analysis);
	fixture_release(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(analysis__names_the_first_to_fail__when_others_are_louder),
		cmocka_unit_test(analysis__proposes_a_ticket__when_a_fatal_template_came_five_times),
		cmocka_unit_test(analysis__sees_nothing_later__when_the_horizon_ends_before),
		cmocka_unit_test(analysis__is_the_same__when_run_twice),
		cmocka_unit_test(analysis__is_healthy__when_nothing_changes),
		cmocka_unit_test(analysis__says_what_is_missing__when_it_cannot_be_called_healthy),
		cmocka_unit_test(analysis__is_external__when_the_first_lines_blame_what_has_no_log),
		cmocka_unit_test(analysis__is_external_still__when_what_is_blamed_begins_to_log_later),
		cmocka_unit_test(analysis__is_inconclusive__when_two_fail_at_the_same_moment),
		cmocka_unit_test(analysis__says_what_is_missing__when_the_log_is_empty),
		cmocka_unit_test(analysis__names_component_and_change__when_the_lines_do),
		cmocka_unit_test(analysis__judges_the_selection__when_one_is_given),
		cmocka_unit_test(analysis__keeps_its_citations__when_log_lines_forge_them),
		cmocka_unit_test(analysis__leaves_a_claim_out__when_a_line_changed_under_it),
	};

	return cmocka_run_group_tests_name("analyst/analysis", tests, NULL, NULL);
}
